// What Bedrock's runtime is asked for in each dialect, and how its bytes are carried there.

import { ChunksToSse } from '@entrepot/dialects/chunk-frames';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { Carriage } from '../cloud.ts';

export interface Operation {
  readonly unary: string;
  readonly stream: string;
}

/** The first is for callers whose own dialect an offer does not speak. */
export const operations: ReadonlyMap<DialectName, Operation> = new Map([
  ['bedrock-converse', { unary: 'converse', stream: 'converse-stream' }],
  ['anthropic-messages', { unary: 'invoke', stream: 'invoke-with-response-stream' }],
]);

/**
 * Messages without what the path says. (docs.aws.amazon.com/bedrock, "Anthropic Claude Messages
 * API"; recordings of 2025)
 */
export const claudeByInvoke: Carriage = {
  without: ['model', 'stream'],
  put: { anthropic_version: '"bedrock-2023-05-31"' },
  betaMember: 'anthropic_beta',
  unframer: () => new ChunksToSse(),
  refusals: 'bedrock-converse',
};
