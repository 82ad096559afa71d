// What Bedrock's runtime is asked for in each dialect, and how its bytes are carried there.

import type { Offer } from '@entrepot/catalog/offer';
import { ChunksToSse } from '@entrepot/dialects/chunk-frames';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import type { Carriage } from '../cloud.ts';
import { runtimeBetas } from './betas.ts';

/** Paths of one dialect; `{model}` stands for the model's name as one segment. */
export interface Operation {
  readonly unary: string;
  readonly stream?: string;
}

/**
 * The first is for callers whose own dialect an offer does not speak. (botocore, bedrock-runtime
 * 2023-09-30; docs.aws.amazon.com/bedrock, "Responses API" and "OpenAI models", seen 2026-11-24)
 */
export const operations: ReadonlyMap<DialectName, Operation> = new Map<DialectName, Operation>([
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
  [
    'bedrock-native',
    { unary: '/model/{model}/invoke', stream: '/model/{model}/invoke-with-response-stream' },
  ],
  ['titan-embeddings', { unary: '/model/{model}/invoke' }],
  ['cohere-embeddings', { unary: '/model/{model}/invoke' }],
  ['bedrock-count-tokens', { unary: '/model/{model}/count-tokens' }],
]);

function same(path: string): Operation {
  return { unary: path, stream: path };
}

/** What else than the name of a dialect in the offer says that a model takes it. */
export function takes({ dialects, model }: Offer, dialect: DialectName): boolean {
  switch (dialect) {
    // Claude's own API is what the body of InvokeModel is for a model of anthropic.
    case 'anthropic-messages':
      return dialects.includes('bedrock-invoke') && model.startsWith('anthropic/');
    case 'titan-embeddings':
      return dialects.includes('bedrock-invoke') && model.startsWith('amazon/titan-embed-');
    case 'cohere-embeddings':
      return dialects.includes('bedrock-invoke') && model.startsWith('cohere/embed-');
    // Whatever else a model is asked in here, InvokeModel takes its own form. Claude's and those
    // of embeddings have names, and Nova's is carried by Converse.
    case 'bedrock-native':
      return !/^(anthropic\/|amazon\/(nova|titan-embed)-|cohere\/embed-)/.test(model);
    // "Monitor your token usage by counting tokens", supported models: those of anthropic alone
    // (docs.aws.amazon.com/bedrock, seen 2026-11-24).
    case 'bedrock-count-tokens':
      return dialects.includes('bedrock-converse') && model.startsWith('anthropic/');
    default:
      return dialects.includes(dialect);
  }
}

/**
 * Tokens are counted for a model and not for a profile of inference, which is named after its model
 * with a geography before it, or by the operator.
 */
export function countedModel({ modelName, deployment }: Target): string {
  const named = modelName.startsWith('arn:') ? deployment.offer.serviceModelId : modelName;
  return named.replace(/^(global|us-gov|us|eu|apac|jp|au|ca|sa|me|af)\.(?=[a-z0-9]+\.)/, '');
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
