// Amazon Bedrock's runtime, signed with Signature Version 4 or called with a Bedrock API key.

import type { Target } from '../../config/target.ts';
import type { Address, Call, Cloud, TargetProblem } from '../cloud.ts';
import { HeldCredentials } from '../held-credentials.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsCredential, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';
import { awsChain, type CredentialSource } from './aws-credentials.ts';
import { bedrockFailureKind } from './bedrock-failure.ts';
import { claudeByInvoke, operations } from './shapes.ts';
import { type AwsCredentials, signerFor, signRequest } from './sign-request.ts';

/** `source` is asked when a target's credential is the chain, once for each profile. */
export function createBedrock(source: CredentialSource): Cloud {
  const held = new Map<string | null, HeldCredentials<AwsCredentials>>();
  const heldFor = (profile: string | null): HeldCredentials<AwsCredentials> => {
    let credentials = held.get(profile);
    if (credentials === undefined) {
      credentials = new HeldCredentials('AWS', () => source(profile));
      held.set(profile, credentials);
    }
    return credentials;
  };
  const signer = new PerTarget(target => new TargetSigner(target, heldFor));
  const apiKey = new PerTarget(target => credentialHeader(target, 'authorization'));
  const addresses = new PerTarget(target => {
    assertCallable({ problems }, target);
    return new Map(
      [...operations].map(([dialect, { unary, stream }]) => [
        dialect,
        { unary: addressOf(target, unary), stream: addressOf(target, stream) },
      ]),
    );
  });
  return {
    name: 'bedrock',
    dialects: [...operations.keys()],
    // Claude's own API is what the body of InvokeModel is for a model of anthropic.
    speaks: (offer, dialect) => {
      if (dialect !== 'anthropic-messages') return offer.dialects.includes(dialect);
      return offer.dialects.includes('bedrock-invoke') && offer.model.startsWith('anthropic/');
    },
    carriage: dialect => (dialect === 'anthropic-messages' ? claudeByInvoke : null),
    requestIdHeader: 'x-amzn-requestid',
    problems,
    address: (target, dialect, stream) => {
      const both = addresses.of(target).get(dialect)!;
      return stream ? both.stream : both.unary;
    },
    authorize: (call, target, nowMs) => {
      const { type } = target.credential;
      const isKey = type === 'api-key' || type === 'bearer';
      return isKey ? withHeaders(call, apiKey.of(target)) : signer.of(target).sign(call, nowMs);
    },
    classify: (status, headers, error, nowMs) => ({
      kind: bedrockFailureKind(status, headers, error),
      retryAfterMs: retryAfterMs(headers, nowMs) ?? error.retryAfterMs ?? null,
    }),
  };
}

export const bedrock: Cloud = createBedrock(awsChain);

/** The model id, which may be an ARN with `:` and `/`, is one segment of the path. */
function addressOf(target: Target, operation: string): Address {
  const publicOrigin = `https://bedrock-runtime.${target.region}.amazonaws.com`;
  const origin = new URL(target.endpoint ?? publicOrigin).origin;
  return { origin, path: `/model/${encodeURIComponent(target.modelName)}/${operation}` };
}

function problems(target: Target): TargetProblem[] {
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
  readonly #region: string;
  readonly #credentials: (nowMs: number) => AwsCredentials | Promise<AwsCredentials>;
  readonly #signers = new WeakMap<AwsCredentials, ReturnType<typeof signerFor>>();

  constructor(
    target: Target,
    heldFor: (profile: string | null) => HeldCredentials<AwsCredentials>,
  ) {
    const { credential, region } = target;
    this.#region = region!;
    if (credential.type === 'aws-chain') {
      const held = heldFor(credential.profile);
      this.#credentials = nowMs => held.get(nowMs);
    } else if (credential.type === 'aws-keys') {
      const { accessKeyId, secretAccessKey, sessionToken } = credential;
      const token = sessionToken === null ? {} : { sessionToken: sessionToken.reveal() };
      const keys = { accessKeyId, secretAccessKey: secretAccessKey.reveal(), ...token };
      this.#credentials = () => keys;
    } else throw new Error(`a ${credential.type} does not sign`);
  }

  async sign(call: Call, nowMs: number): Promise<Call> {
    const credentials = await this.#credentials(nowMs);
    const { method, origin, path, body } = call;
    // What a proxy may change on the way is not signed.
    const headers = only('content-type', call.headers);
    const request = { method, host: new URL(origin).host, path, headers, body };
    return withHeaders(call, await signRequest(this.#signer(credentials), request, nowMs));
  }

  #signer(credentials: AwsCredentials): ReturnType<typeof signerFor> {
    let signer = this.#signers.get(credentials);
    if (signer === undefined) {
      signer = signerFor(credentials, this.#region, 'bedrock');
      this.#signers.set(credentials, signer);
    }
    return signer;
  }
}

function only(name: string, headers: readonly string[]): Record<string, string> {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text === name);
  return at === -1 ? {} : { [name]: headers[at + 1]! };
}
