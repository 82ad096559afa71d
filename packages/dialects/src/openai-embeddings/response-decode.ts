// The answer of an upstream of this dialect. Hosts that imitate openai leave out the usage, or the
// numbers of the vectors.

import type { Usage } from '../canonical.ts';
import type { AnswerContext } from '../dialect.ts';
import type { EmbedAnswer, EmbedRequest, Vector } from '../embedding.ts';
import { inputUsage } from '../input-usage.ts';
import {
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
} from '../json.ts';
import { checkVectors, vectorFromBase64, vectorFromJson } from '../vector.ts';

/** Throws DialectError of class `upstream`. */
export function decodeResponse(
  bytes: Uint8Array,
  context: AnswerContext<EmbedRequest>,
): EmbedAnswer {
  const body = parseJsonObject(bytes, 'upstream');
  const items = objectsAt(body, 'data').map((item, place) => ({
    index: numberAt(item, 'index') ?? place,
    vector: vectorOf(item.embedding),
  }));
  const vectors = items.toSorted((a, b) => a.index - b.index).map(item => item.vector);
  checkVectors(vectors, context.request?.inputs.length);
  return { model: stringAt(body, 'model') ?? context.model, vectors, usage: usageOf(body) };
}

export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: null } {
  return { usage: usageOf(parseJsonObject(bytes, 'upstream')), stopRaw: null };
}

function vectorOf(value: unknown): Vector {
  return typeof value === 'string' ? vectorFromBase64(value) : vectorFromJson(value);
}

function usageOf(body: JsonObject): Usage | null {
  const tokens = numberAt(objectAt(body, 'usage'), 'prompt_tokens');
  return tokens === undefined ? null : inputUsage(tokens);
}
