// Amazon Bedrock's runtime: Converse, InvokeModel for Claude, and the endpoint that speaks openai's
// API for openai's models.

import type { DialectName } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import type { Address, Cloud } from '../cloud.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { assertCallable } from '../target-checks.ts';
import { AwsAccess, awsProblems } from './aws-access.ts';
import { awsChain, type CredentialSource } from './aws-credentials.ts';
import { bedrockFailureKind } from './bedrock-failure.ts';
import { claudeByInvoke, countedModel, operations, takes } from './shapes.ts';

/** `source` is asked when a target's credential is the chain, once for each profile. */
export function createBedrock(source: CredentialSource): Cloud {
  const access = new AwsAccess('bedrock', source);
  const addresses = new PerTarget((target): ReadonlyMap<DialectName, Both> => {
    assertCallable({ problems: awsProblems }, target);
    return new Map(
      [...operations].map(([dialect, { unary, stream = unary }]) => [
        dialect,
        { unary: addressOf(target, unary), stream: addressOf(target, stream) },
      ]),
    );
  });
  return {
    name: 'bedrock',
    dialects: [...operations.keys()],
    speaks: takes,
    carriage: dialect => (dialect === 'anthropic-messages' ? claudeByInvoke : null),
    requestIdHeader: 'x-amzn-requestid',
    problems: awsProblems,
    address: (target, dialect, stream) => {
      const both = addresses.of(target).get(dialect)!;
      return stream ? both.stream : both.unary;
    },
    authorize: (call, target, nowMs) => access.authorize(call, target, nowMs),
    classify: (status, headers, error, nowMs) => ({
      kind: bedrockFailureKind(status, headers, error),
      retryAfterMs: retryAfterMs(headers, nowMs) ?? error.retryAfterMs ?? null,
    }),
  };
}

export const bedrock: Cloud = createBedrock(awsChain);

interface Both {
  readonly unary: Address;
  readonly stream: Address;
}

/** The model id, which may be an ARN with `:` and `/`, is one segment of the path. */
function addressOf(target: Target, operation: string): Address {
  const publicOrigin = `https://bedrock-runtime.${target.region}.amazonaws.com`;
  const origin = new URL(target.endpoint ?? publicOrigin).origin;
  const isCount = operation.endsWith('/count-tokens');
  const model = encodeURIComponent(isCount ? countedModel(target) : target.modelName);
  return { origin, path: operation.replace('{model}', () => model) };
}
