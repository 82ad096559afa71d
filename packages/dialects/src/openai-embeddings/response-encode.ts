// An answer for a caller of this dialect, with its vectors written as it asked for them.

import type { AnswerContext, EncodedRequest } from '../dialect.ts';
import type { EmbedAnswer, EmbedRequest } from '../embedding.ts';
import { Losses } from '../losses.ts';
import { bytesOf } from '../utf8.ts';
import { vectorToBase64 } from '../vector.ts';

/** Usage that the upstream did not tell is a loss: the field must stand there, and says 0. */
export function encodeResponse(
  { model, vectors, usage }: EmbedAnswer,
  { request }: AnswerContext<EmbedRequest>,
): EncodedRequest {
  const losses = new Losses();
  if (usage === null) losses.add('usage', 'the upstream did not say how many tokens it read');
  const isBase64 = request?.encoding === 'base64';
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: isBase64 ? vectorToBase64(vector) : Array.from(vector),
  }));
  const tokens = usage?.inputTokens ?? 0;
  const counts = { prompt_tokens: tokens, total_tokens: tokens };
  const body = { object: 'list', data, model, usage: counts };
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}
