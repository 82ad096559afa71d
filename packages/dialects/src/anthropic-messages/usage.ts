// Tokens of an answer as Messages counts them: `input_tokens` leaves out what was read from and
// written to the cache.

import type { Usage } from '../canonical.ts';
import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.ts';

/** The usage object of an answer; null when it has none or it counts nothing. */
export function decodeUsage(value: JsonObject | undefined): Usage | null {
  if (numberAt(value, 'input_tokens') === undefined) {
    if (numberAt(value, 'output_tokens') === undefined) return null;
  }
  const counts = countsOf(value);
  for (const iteration of objectsAt(value, 'iterations')) {
    // Compacting the context is billed, and is the one iteration that the totals leave out.
    if (iteration.type === 'compaction') addTo(counts, countsOf(iteration));
  }
  return {
    inputTokens: counts.fresh + counts.read + counts.write5m + counts.write1h,
    cachedReadTokens: counts.read,
    cacheWrite5mTokens: counts.write5m,
    cacheWrite1hTokens: counts.write1h,
    outputTokens: counts.output,
    reasoningTokens: numberAt(objectAt(value, 'output_tokens_details'), 'thinking_tokens') ?? null,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: numberAt(objectAt(value, 'server_tool_use'), 'web_search_requests') ?? 0,
    serviceTier: stringAt(value, 'service_tier') ?? null,
    source: 'provider',
  };
}

interface Counts {
  fresh: number;
  read: number;
  write5m: number;
  write1h: number;
  output: number;
}

function countsOf(value: JsonObject | undefined): Counts {
  const split = objectAt(value, 'cache_creation');
  const write5m = numberAt(split, 'ephemeral_5m_input_tokens') ?? 0;
  const write1h = numberAt(split, 'ephemeral_1h_input_tokens') ?? 0;
  const written = numberAt(value, 'cache_creation_input_tokens') ?? 0;
  // The split may be older than the total: streams tell it once at their start, while server tools
  // go on writing. The rest is taken to have the lifetime that was used so far, else the default.
  const rest = Math.max(0, written - write5m - write1h);
  const only1h = write1h > 0 && write5m === 0;
  return {
    fresh: numberAt(value, 'input_tokens') ?? 0,
    read: numberAt(value, 'cache_read_input_tokens') ?? 0,
    write5m: write5m + (only1h ? 0 : rest),
    write1h: write1h + (only1h ? rest : 0),
    output: numberAt(value, 'output_tokens') ?? 0,
  };
}

function addTo(sum: Counts, counts: Counts): void {
  for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
}

/** The usage object that a caller sees, all keys present; zeros where nothing is known. */
export function encodeUsage(usage: Usage | null): JsonObject {
  const read = usage?.cachedReadTokens ?? 0;
  const write5m = usage?.cacheWrite5mTokens ?? 0;
  const write1h = usage?.cacheWrite1hTokens ?? 0;
  const input = usage?.inputTokens ?? 0;
  const thinking = usage?.reasoningTokens ?? null;
  const searches = usage?.webSearches ?? 0;
  const tier = usage?.serviceTier ?? null;
  return {
    input_tokens: Math.max(0, input - read - write5m - write1h),
    cache_creation_input_tokens: write5m + write1h,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
    output_tokens: usage?.outputTokens ?? 0,
    ...(thinking === null ? {} : { output_tokens_details: { thinking_tokens: thinking } }),
    ...(searches === 0 ? {} : { server_tool_use: { web_search_requests: searches } }),
    // The word of openai for the same tier.
    service_tier: tier === 'default' ? 'standard' : tier,
  };
}

/** The running totals that end a stream; what does not change was told at its start. */
export function encodeDeltaUsage(usage: Usage | null): JsonObject {
  const { cache_creation: _split, service_tier: _tier, ...totals } = encodeUsage(usage);
  return totals;
}

const inputKeys: ReadonlySet<string> = new Set([
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
]);

/**
 * Gathers usage from `message_start` and each `message_delta`, whose counts are running totals: the
 * last word on each field wins and nothing is summed. Hosts that imitate the dialect close with
 * zeros for the whole input; those say nothing.
 */
export class StreamUsage {
  readonly #merged = new Map<string, unknown>();

  /** The usage so far, if this object says something of it; else null. */
  read(usage: JsonObject | undefined): Usage | null {
    if (usage === undefined) return null;
    const tellsInput = [...inputKeys].some(key => (numberAt(usage, key) ?? 0) > 0);
    for (const [key, value] of Object.entries(usage)) {
      if (value === null) continue;
      if (!tellsInput && inputKeys.has(key) && this.#merged.has(key)) continue;
      this.#merged.set(key, value);
    }
    return decodeUsage(Object.fromEntries(this.#merged));
  }
}
