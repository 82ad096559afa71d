// Credentials that end. Held until near their end, renewed once for all who wait, and while the old
// ones still hold, renewed beside the calls that go on with them.

import { scrub } from '../errors.ts';
import { CredentialError } from './credential-error.ts';

export interface Ending {
  /** Absent for credentials without an end. */
  readonly expiration?: Date | undefined;
}

/** Renewal begins this long before the end, as in the official SDKs. */
const renewBeforeMs = 5 * 60 * 1000;
/** Credentials this near to their end are no longer sent. */
const deadBeforeMs = 30 * 1000;
/** A source that gives the same short-lived ones again is not asked at every call. */
const leastHoldMs = 10 * 1000;
/** Keys without an end are read again this often: files are rotated by others. */
const rereadAfterMs = 15 * 60 * 1000;
/** A failure holds this long: a chain with nothing in it takes seconds to say so. */
const failureHoldsMs = 5 * 1000;

export class HeldCredentials<T extends Ending> {
  readonly #vendor: string;
  readonly #load: () => Promise<T>;
  #current: T | null = null;
  #renewAtMs = 0;
  /** Before this, what was refused is not let go of again. */
  #refusableAtMs = 0;
  #failure: { readonly error: CredentialError; readonly untilMs: number } | null = null;
  #loading: Promise<T> | null = null;

  /** `vendor` is whose credentials they are, for messages. */
  constructor(vendor: string, load: () => Promise<T>) {
    this.#vendor = vendor;
    this.#load = load;
  }

  /** At once while they hold, else a promise. `nowMs` is Unix time. Fails with CredentialError. */
  get(nowMs: number): T | Promise<T> {
    const current = this.#current;
    if (current !== null && nowMs < this.#renewAtMs) return current;
    const renewal = this.#renew(nowMs);
    const endMs = current?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (current === null || nowMs >= endMs - deadBeforeMs) return renewal;
    // Whoever calls now is served with the old ones; a failed renewal is tried again later.
    renewal.catch(() => {});
    return current;
  }

  /**
   * Lets go of what was refused before its end, so that the next call waits for new ones. False
   * where that was done a moment ago: new ones are refused, too, and the source is not to blame.
   */
  refused(used: T, nowMs: number): boolean {
    if (this.#current !== used) return true;
    if (nowMs < this.#refusableAtMs) return false;
    this.#refusableAtMs = nowMs + leastHoldMs;
    this.#current = null;
    return true;
  }

  #renew(nowMs: number): Promise<T> {
    if (this.#loading !== null) return this.#loading;
    const failure = this.#failure;
    if (failure !== null && nowMs < failure.untilMs) return Promise.reject(failure.error);
    this.#loading = this.#loadNow(nowMs).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadNow(nowMs: number): Promise<T> {
    try {
      const fresh = await this.#load();
      this.#current = fresh;
      this.#renewAtMs = renewalOf(fresh.expiration?.getTime(), nowMs);
      this.#failure = null;
      return fresh;
    } catch (cause) {
      const error = new CredentialError(`no ${this.#vendor} credentials: ${reason(cause)}`);
      this.#failure = { error, untilMs: nowMs + failureHoldsMs };
      throw error;
    }
  }
}

function renewalOf(endMs: number | undefined, nowMs: number): number {
  if (endMs === undefined) return nowMs + rereadAfterMs;
  const earlyMs = Math.max(endMs - renewBeforeMs, nowMs + leastHoldMs);
  return Math.min(earlyMs, endMs - deadBeforeMs);
}

/** The first line alone: what a credential process printed is not repeated. */
function reason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : 'unknown error';
  return scrub(text.split('\n', 1)[0]!.slice(0, 300));
}
