// Tokens of an answer, as Chat Completions and the legacy completions count them: `prompt_tokens`
// includes the cache.

import type { Usage } from './canonical.ts';
import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from './json.ts';

/**
 * Where hosts count what was read from the cache without details: DeepSeek (api-docs.deepseek.com),
 * Moonshot (vercel/ai packages/moonshotai); seen 2026-11-24.
 */
const hostCached = ['prompt_cache_hit_tokens', 'cached_tokens'];

/** The usage object of a whole answer; null when it has none or it counts nothing. */
export function decodeUsage(value: unknown, serviceTier: string | null): Usage | null {
  if (!isObject(value)) return null;
  const inputTokens = numberAt(value, 'prompt_tokens');
  const completion = numberAt(value, 'completion_tokens');
  if (inputTokens === undefined && completion === undefined) return null;
  const input = inputTokens ?? 0;
  const prompt = objectAt(value, 'prompt_tokens_details');
  const answer = objectAt(value, 'completion_tokens_details');
  // xAI and Gemini leave reasoning out of `completion_tokens` but not out of `total_tokens`.
  const rest = inputTokens === undefined ? 0 : (numberAt(value, 'total_tokens') ?? 0) - inputTokens;
  return {
    inputTokens: input,
    cachedReadTokens: numberAt(prompt, 'cached_tokens') ?? firstNumber(value, hostCached) ?? 0,
    cacheWrite5mTokens: numberAt(prompt, 'cache_write_tokens') ?? 0,
    cacheWrite1hTokens: 0,
    outputTokens: Math.max(completion ?? 0, rest),
    reasoningTokens: numberAt(answer, 'reasoning_tokens') ?? null,
    audioInputTokens: numberAt(prompt, 'audio_tokens') ?? 0,
    audioOutputTokens: numberAt(answer, 'audio_tokens') ?? 0,
    webSearches: 0,
    serviceTier,
    source: 'provider',
  };
}

function firstNumber(value: JsonObject, keys: readonly string[]): number | undefined {
  return keys.map(key => numberAt(value, key)).find(number => number !== undefined);
}

/** The usage object that a caller sees. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, reasoningTokens } = usage;
  const cacheWrites = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedReadTokens,
      ...(cacheWrites > 0 ? { cache_write_tokens: cacheWrites } : {}),
      audio_tokens: usage.audioInputTokens,
    },
    completion_tokens_details: {
      ...(reasoningTokens === null ? {} : { reasoning_tokens: reasoningTokens }),
      audio_tokens: usage.audioOutputTokens,
    },
  };
}

/**
 * Gathers usage from the chunks of a stream: it may come alone, with choices, in every chunk as a
 * running total, or in a host's own corner. The last word on each field wins; nothing is summed.
 */
export class ChunkUsage {
  #merged: Record<string, unknown> | null = null;
  #serviceTier: string | null = null;

  /** The usage so far, if this chunk says something of it; else null. */
  read(chunk: JsonObject): Usage | null {
    this.#serviceTier = stringAt(chunk, 'service_tier') ?? this.#serviceTier;
    const found =
      objectAt(chunk, 'usage') ??
      objectAt(objectAt(chunk, 'x_groq'), 'usage') ??
      objectsAt(chunk, 'choices')
        .map(choice => objectAt(choice, 'usage'))
        .find(usage => usage !== undefined);
    if (found === undefined) return null;
    this.#merged = merge(this.#merged ?? {}, found);
    return decodeUsage(this.#merged, this.#serviceTier);
  }
}

function merge(before: Record<string, unknown>, after: JsonObject): Record<string, unknown> {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) {
    if (value === null) continue;
    const old = merged.get(key);
    merged.set(key, isObject(value) && isObject(old) ? merge(old, value) : value);
  }
  return Object.fromEntries(merged);
}
