// What Bedrock's runtime is asked besides answers: CountTokens, and vectors by InvokeModel, whose
// form is that of the model. (docs.aws.amazon.com/bedrock/latest/userguide, seen 2026-11-24)

import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import type { Errand } from '../errand.ts';
import { invalid } from '../refusal.ts';
import { checkLength } from './embedding-rules.ts';
import { decodedSegment } from './face.ts';

const path = /^\/model\/([^/]+)\/(invoke|count-tokens)$/;

export function bedrockErrand(target: string): Errand | null {
  const match = path.exec(target);
  const model = match === null ? null : decodedSegment(match[1]!);
  if (match === null || model === null) return null;
  const named = { model, path: { model, stream: false } };
  if (match[2] === 'count-tokens') return { ...named, ...counting };
  if (model.includes('titan-embed-')) {
    return { ...named, dialect: titanEmbeddings, check: checkLength };
  }
  return model.includes('cohere.embed-') ? { ...named, ...cohere } : null;
}

/** For models of anthropic alone, and not by a profile of inference. */
const counting: Pick<Errand, 'dialect' | 'check'> = {
  dialect: bedrockCountTokens,
  check: ({ model }, _call, { vendor }) =>
    vendor === 'anthropic' && model.startsWith('anthropic.')
      ? null
      : invalid("The provided model doesn't support counting tokens."),
};

const cohere: Pick<Errand, 'dialect' | 'check' | 'headers'> = {
  dialect: cohereEmbeddings,
  check: checkLength,
  headers: usage => ({ 'x-amzn-bedrock-input-token-count': String(usage.inputTokens) }),
};
