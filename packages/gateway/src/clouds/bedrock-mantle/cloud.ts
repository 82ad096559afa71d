// Bedrock's other endpoint, which speaks openai's API for models of many vendors and Messages for
// Claude, on a host of its own and signed under a name of its own.
// (docs.aws.amazon.com/bedrock, "Responses API", seen 2026-11-24; @anthropic-ai/bedrock-sdk 1.1.3;
// recordings of 2026)

import type { DialectName, HostHabits } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import { AwsAccess, awsProblems } from '../bedrock/aws-access.ts';
import { awsChain, type CredentialSource } from '../bedrock/aws-credentials.ts';
import { bedrockFailureKind } from '../bedrock/bedrock-failure.ts';
import { mantleBetas } from '../bedrock/betas.ts';
import type { Address, Call, Carriage, Cloud } from '../cloud.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { withHeaders } from '../static-credential.ts';
import { assertCallable } from '../target-checks.ts';

const operations: ReadonlyMap<DialectName, string> = new Map([
  ['openai-responses', '/responses'],
  ['openai-chat', '/chat/completions'],
  ['anthropic-messages', '/messages'],
]);

/** The thinking of open models stands in this field of a chat answer. */
const habits: HostHabits = { thinkingField: 'reasoning' };

/** Messages as they are, with the betas that are known there. */
const messages: Carriage = {
  without: [],
  put: {},
  betaMember: null,
  betas: mantleBetas,
  unframer: null,
  refusals: null,
};

const messagesVersion: readonly string[] = ['anthropic-version', '2023-06-01'];

/** `source` is asked when a target's credential is the chain, once for each profile. */
export function createBedrockMantle(source: CredentialSource): Cloud {
  const access = new AwsAccess('bedrock-mantle', source);
  const addresses = new PerTarget((target): ReadonlyMap<DialectName, Address> => {
    assertCallable({ problems: awsProblems }, target);
    return new Map([...operations.keys()].map(dialect => [dialect, addressOf(target, dialect)]));
  });
  return {
    name: 'bedrock-mantle',
    dialects: [...operations.keys()],
    // Recordings kept no such header: it is that of all of Bedrock.
    requestIdHeader: 'x-amzn-requestid',
    carriage: dialect => (dialect === 'anthropic-messages' ? messages : null),
    habits: () => habits,
    problems: awsProblems,
    address: (target, dialect) => addresses.of(target).get(dialect)!,
    authorize: (call, target, nowMs) => access.authorize(withVersion(call), target, nowMs),
    classify: (status, headers, error, nowMs) => ({
      kind: bedrockFailureKind(status, headers, error),
      retryAfterMs: retryAfterMs(headers, nowMs) ?? error.retryAfterMs ?? null,
    }),
  };
}

export const bedrockMantle: Cloud = createBedrockMantle(awsChain);

function withVersion(call: Call): Call {
  return call.path.endsWith('/messages') ? withHeaders(call, messagesVersion) : call;
}

function addressOf(target: Target, dialect: DialectName): Address {
  const publicOrigin = `https://bedrock-mantle.${target.region}.api.aws`;
  const origin = new URL(target.endpoint ?? publicOrigin).origin;
  const base = dialect === 'anthropic-messages' ? '/anthropic/v1' : baseOf(target);
  return { origin, path: base + operations.get(dialect)! };
}

/** Openai's closed models stand under a prefix of their own; the wrong one is refused. */
function baseOf({ deployment }: Target): string {
  const isClosed = /^openai\/(?!gpt-oss)/.test(deployment.offer.model);
  return isClosed ? '/openai/v1' : '/v1';
}
