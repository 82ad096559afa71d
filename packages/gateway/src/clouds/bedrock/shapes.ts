// What Bedrock's runtime is asked for in each dialect, and how its bytes are carried there.

import { ChunksToSse } from '@entrepot/dialects/chunk-frames';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { Carriage } from '../cloud.ts';
import { runtimeBetas } from './betas.ts';

/** Paths of one dialect; `{model}` stands for the model's name as one segment. */
export interface Operation {
  readonly unary: string;
  readonly stream: string;
}

/**
 * The first is for callers whose own dialect an offer does not speak. (botocore, bedrock-runtime
 * 2023-09-30; docs.aws.amazon.com/bedrock, "Responses API" and "OpenAI models", seen 2026-11-24)
 */
export const operations: ReadonlyMap<DialectName, Operation> = new Map([
  [
    'bedrock-converse',
    { unary: '/model/{model}/converse', stream: '/model/{model}/converse-stream' },
  ],
  [
    'anthropic-messages',
    { unary: '/model/{model}/invoke', stream: '/model/{model}/invoke-with-response-stream' },
  ],
  ['openai-responses', same('/openai/v1/responses')],
  ['openai-chat', same('/openai/v1/chat/completions')],
]);

function same(path: string): Operation {
  return { unary: path, stream: path };
}

/**
 * Messages without what the path says. (docs.aws.amazon.com/bedrock, "Anthropic Claude Messages
 * API"; recordings of 2025)
 */
export const claudeByInvoke: Carriage = {
  without: ['model', 'stream'],
  put: { anthropic_version: '"bedrock-2023-05-31"' },
  betaMember: 'anthropic_beta',
  betas: runtimeBetas,
  unframer: () => new ChunksToSse(),
  refusals: 'bedrock-converse',
};
