// Tokens of an answer as Gemini counts them: the prompt includes what came from the cache, what
// tools of Google read stands beside it, and `candidatesTokenCount` leaves thinking out.

import type { Usage } from '../canonical.ts';
import { arrayAt, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.ts';
import { generationOf } from './model-generation.ts';

/** The usage of an answer or a chunk; null when it has none or it counts nothing. */
export function decodeUsage(body: JsonObject): Usage | null {
  const usage = objectAt(body, 'usageMetadata');
  const prompt = numberAt(usage, 'promptTokenCount');
  const candidates = numberAt(usage, 'candidatesTokenCount');
  const thoughts = numberAt(usage, 'thoughtsTokenCount');
  if (prompt === undefined && candidates === undefined && thoughts === undefined) return null;
  return {
    inputTokens: (prompt ?? 0) + (numberAt(usage, 'toolUsePromptTokenCount') ?? 0),
    cachedReadTokens: numberAt(usage, 'cachedContentTokenCount') ?? 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: (candidates ?? 0) + (thoughts ?? 0),
    reasoningTokens: thoughts ?? null,
    audioInputTokens: audioOf(usage, 'promptTokensDetails'),
    audioOutputTokens: audioOf(usage, 'candidatesTokensDetails'),
    webSearches: webSearches(body),
    serviceTier: stringAt(usage, 'serviceTier') ?? stringAt(usage, 'trafficType') ?? null,
    source: 'provider',
  };
}

function audioOf(usage: JsonObject | undefined, key: string): number {
  return objectsAt(usage, key)
    .filter(detail => detail.modality === 'AUDIO' || detail.modality === 4)
    .reduce((sum, detail) => sum + (numberAt(detail, 'tokenCount') ?? 0), 0);
}

/** Up to 2.5 a grounded answer is charged as one search, from 3 on each query is. */
function webSearches(body: JsonObject): number {
  const queries = objectsAt(body, 'candidates').flatMap(candidate =>
    arrayAt(objectAt(candidate, 'groundingMetadata'), 'webSearchQueries'),
  ).length;
  return generationOf(stringAt(body, 'modelVersion') ?? '') >= 3 ? queries : Math.min(queries, 1);
}

/** The usage that a caller sees. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, reasoningTokens, cachedReadTokens } = usage;
  const answer = outputTokens - (reasoningTokens ?? 0);
  return {
    promptTokenCount: inputTokens,
    ...(cachedReadTokens > 0 ? { cachedContentTokenCount: cachedReadTokens } : {}),
    candidatesTokenCount: answer,
    ...(reasoningTokens === null ? {} : { thoughtsTokenCount: reasoningTokens }),
    totalTokenCount: inputTokens + outputTokens,
    ...details('promptTokensDetails', inputTokens, usage.audioInputTokens),
    ...details('candidatesTokensDetails', answer, usage.audioOutputTokens),
    ...encodeTier(usage.serviceTier),
  };
}

function details(key: string, tokens: number, audioTokens: number): JsonObject {
  if (audioTokens === 0) return {};
  const text = { modality: 'TEXT', tokenCount: Math.max(0, tokens - audioTokens) };
  return { [key]: [text, { modality: 'AUDIO', tokenCount: audioTokens }] };
}

/** The Gemini API names a tier, Vertex AI a kind of traffic, in capitals. */
function encodeTier(tier: string | null): JsonObject {
  if (tier === null) return {};
  return /^[A-Z_]+$/.test(tier) ? { trafficType: tier } : { serviceTier: tier };
}

/**
 * Gathers usage from the chunks of a stream. Each count is a running total, and the last chunk's is
 * of the whole answer: the last word wins. Searches may be named in an earlier chunk.
 */
export class ChunkUsage {
  #usage: Usage | null = null;
  #webSearches = 0;

  /** The usage so far, if this chunk says something of it; else null. */
  read(chunk: JsonObject): Usage | null {
    this.#webSearches = Math.max(this.#webSearches, webSearches(chunk));
    const usage = decodeUsage(chunk);
    if (usage === null) return null;
    this.#usage = { ...usage, webSearches: this.#webSearches };
    return this.#usage;
  }
}
