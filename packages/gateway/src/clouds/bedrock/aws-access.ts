// How Amazon's model services are called: with a Bedrock API key, or signed with Signature Version
// 4 under the name of the service. Credentials of the chain are held once for each profile.

import { joinBytes } from '@entrepot/dialects/utf8';
import type { Target } from '../../config/target.ts';
import type { Call, TargetProblem } from '../cloud.ts';
import { HeldCredentials } from '../held-credentials.ts';
import { PerTarget } from '../per-target.ts';
import { credentialHeader, needsCredential, withHeaders } from '../static-credential.ts';
import { unusedProblems, urlProblems } from '../target-checks.ts';
import type { CredentialSource } from './aws-credentials.ts';
import { type AwsCredentials, type Signer, signerFor, signRequest } from './sign-request.ts';

export class AwsAccess {
  readonly #held = new Map<string | null, HeldCredentials<AwsCredentials>>();
  readonly #source: CredentialSource;
  readonly #signer: PerTarget<TargetSigner>;
  readonly #apiKey = new PerTarget(target => credentialHeader(target, 'authorization'));

  /** `source` is asked when a target's credential is the chain, once for each profile. */
  constructor(service: string, source: CredentialSource) {
    this.#source = source;
    this.#signer = new PerTarget(
      target => new TargetSigner(service, target, profile => this.#heldFor(profile)),
    );
  }

  authorize(call: Call, target: Target, nowMs: number): Call | Promise<Call> {
    const { type } = target.credential;
    const isKey = type === 'api-key' || type === 'bearer';
    return isKey
      ? withHeaders(call, this.#apiKey.of(target))
      : this.#signer.of(target).sign(call, nowMs);
  }

  #heldFor(profile: string | null): HeldCredentials<AwsCredentials> {
    let credentials = this.#held.get(profile);
    if (credentials === undefined) {
      credentials = new HeldCredentials('AWS', () => this.#source(profile));
      this.#held.set(profile, credentials);
    }
    return credentials;
  }
}

/** What every service of Amazon asks of a target. */
export function awsProblems(target: Target): TargetProblem[] {
  const found = [
    ...urlProblems(target),
    ...needsCredential(target, ['apiKey', 'bearer', 'aws']),
    ...unusedProblems(target, ['apiVersion', 'project']),
  ];
  if (target.region === null) {
    found.push({ field: 'region', message: 'is needed: the AWS region, such as us-east-1' });
  }
  return found;
}

/** Signs the calls of one target. A signer is kept for as long as its credentials are current. */
class TargetSigner {
  readonly #service: string;
  readonly #region: string;
  readonly #keys: AwsCredentials | null = null;
  readonly #held: HeldCredentials<AwsCredentials> | null = null;
  readonly #signers = new WeakMap<AwsCredentials, Signer>();

  constructor(
    service: string,
    target: Target,
    heldFor: (profile: string | null) => HeldCredentials<AwsCredentials>,
  ) {
    const { credential, region } = target;
    this.#service = service;
    this.#region = region!;
    if (credential.type === 'aws-chain') {
      this.#held = heldFor(credential.profile);
    } else if (credential.type === 'aws-keys') {
      const { accessKeyId, secretAccessKey, sessionToken } = credential;
      const token = sessionToken === null ? {} : { sessionToken: sessionToken.reveal() };
      this.#keys = { accessKeyId, secretAccessKey: secretAccessKey.reveal(), ...token };
    } else throw new Error(`a ${credential.type} does not sign`);
  }

  async sign(call: Call, nowMs: number): Promise<Call> {
    const held = this.#held;
    const credentials = this.#keys ?? (await held!.get(nowMs));
    const { method, origin, path } = call;
    const body = joinBytes(call.body);
    // What a proxy may change on the way is not signed.
    const headers = only('content-type', call.headers);
    const request = { method, host: new URL(origin).host, path, headers, body };
    const signer = this.#signers.get(credentials) ?? (await this.#open(credentials));
    const signed = withHeaders(
      { ...call, body: [body] },
      await signRequest(signer, request, nowMs),
    );
    if (held === null) return signed;
    return { ...signed, renew: laterMs => held.refused(credentials, laterMs) };
  }

  async #open(credentials: AwsCredentials): Promise<Signer> {
    const signer = await signerFor(credentials, this.#region, this.#service);
    this.#signers.set(credentials, signer);
    return signer;
  }
}

function only(name: string, headers: readonly string[]): Record<string, string> {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text === name);
  return at === -1 ? {} : { [name]: headers[at + 1]! };
}
