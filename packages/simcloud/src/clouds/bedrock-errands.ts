// What Bedrock's runtime is asked besides answers: CountTokens, and vectors by InvokeModel, whose
// form is that of the model. (docs.aws.amazon.com/bedrock/latest/userguide, seen 2026-11-24)

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import type { CountDialect } from '@entrepot/dialects/dialect';
import { badField } from '@entrepot/dialects/json';
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

/** Of the body of an InvokeModel call, Claude's: with all that the call itself must have. */
const countTokens: CountDialect = {
  ...bedrockCountTokens,
  decodeRequest: (bytes, path) => {
    const { input } = JSON.parse(Buffer.from(bytes).toString()) as {
      readonly input?: { readonly invokeModel?: { readonly body: string } };
    };
    if (input?.invokeModel === undefined) return bedrockCountTokens.decodeRequest(bytes, path);
    const body = JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString());
    for (const field of ['anthropic_version', 'max_tokens']) {
      if (!(field in body)) throw badField(field, 'Field required');
    }
    const { anthropic_version: _, ...messages } = body;
    const named = JSON.stringify({ ...messages, model: path!.model });
    return anthropicCountTokens.decodeRequest(Buffer.from(named));
  },
};

/** For models of anthropic alone, and not by a profile of inference. */
const counting: Pick<Errand, 'dialect' | 'check'> = {
  dialect: countTokens,
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
