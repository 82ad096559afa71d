// Credentials from the official AWS chain: environment, profile, SSO, web identity, container,
// instance. Held until near their end, renewed once for all who wait, and while the old ones still
// hold, renewed beside the calls that go on with them.

import { scrub } from '../../errors.ts';
import { CredentialError } from '../credential-error.ts';
import type { AwsCredentials } from './sign-request.ts';

/** Gives credentials; `profile` null takes what the environment says. */
export type CredentialSource = (profile: string | null) => Promise<AwsCredentials>;

/** The chain is loaded when it is first needed: no one else pays for its many modules. */
export const awsChain: CredentialSource = async profile => {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  // Without `ignoreCache` a changed credentials file would be seen only after a restart.
  return fromNodeProviderChain({ ...(profile === null ? {} : { profile }), ignoreCache: true })();
};

/** Renewal begins this long before the end, as in the official SDKs. */
const renewBeforeMs = 5 * 60 * 1000;
/** Credentials this near to their end are no longer sent. */
const deadBeforeMs = 30 * 1000;
/** Keys without an end are read again this often: files are rotated by others. */
const rereadAfterMs = 15 * 60 * 1000;
/** A failure holds this long: a chain with nothing in it takes seconds to say so. */
const failureHoldsMs = 5 * 1000;

export class HeldCredentials {
  readonly #load: () => Promise<AwsCredentials>;
  #current: AwsCredentials | null = null;
  #renewAtMs = 0;
  #failure: { readonly error: CredentialError; readonly untilMs: number } | null = null;
  #loading: Promise<AwsCredentials> | null = null;

  constructor(load: () => Promise<AwsCredentials>) {
    this.#load = load;
  }

  /** At once while they hold, else a promise. `nowMs` is Unix time. Fails with CredentialError. */
  get(nowMs: number): AwsCredentials | Promise<AwsCredentials> {
    const current = this.#current;
    if (current !== null && nowMs < this.#renewAtMs) return current;
    const renewal = this.#renew(nowMs);
    const endMs = current?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (current === null || nowMs >= endMs - deadBeforeMs) return renewal;
    // Whoever calls now is served with the old ones; a failed renewal is tried again later.
    renewal.catch(() => {});
    return current;
  }

  #renew(nowMs: number): Promise<AwsCredentials> {
    if (this.#loading !== null) return this.#loading;
    const failure = this.#failure;
    if (failure !== null && nowMs < failure.untilMs) return Promise.reject(failure.error);
    this.#loading = this.#loadNow(nowMs).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadNow(nowMs: number): Promise<AwsCredentials> {
    try {
      const fresh = await this.#load();
      const endMs = fresh.expiration?.getTime();
      this.#current = fresh;
      this.#renewAtMs = endMs === undefined ? nowMs + rereadAfterMs : endMs - renewBeforeMs;
      this.#failure = null;
      return fresh;
    } catch (cause) {
      const error = new CredentialError(`no AWS credentials: ${reason(cause)}`);
      this.#failure = { error, untilMs: nowMs + failureHoldsMs };
      throw error;
    }
  }
}

/** The first line alone: what a credential process printed is not repeated. */
function reason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : 'unknown error';
  return scrub(text.split('\n', 1)[0]!.slice(0, 300));
}
