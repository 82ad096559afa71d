// Tokens of an answer as Converse counts them: `inputTokens` leaves out what was read from and
// written to the cache. ("Prompt caching", Amazon Bedrock User Guide)

import type { Usage } from '../canonical.ts';
import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.ts';

/** Of a whole answer, or of the event `metadata`; null when it counts nothing. */
export function decodeUsage(answer: JsonObject): Usage | null {
  const usage = objectAt(answer, 'usage');
  const fresh = numberAt(usage, 'inputTokens');
  const outputTokens = numberAt(usage, 'outputTokens');
  if (fresh === undefined && outputTokens === undefined) return null;
  const read = numberAt(usage, 'cacheReadInputTokens') ?? 0;
  const write1h = writtenFor(usage, '1h');
  // The total without details is of the usual lifetime.
  const written = numberAt(usage, 'cacheWriteInputTokens') ?? 0;
  const write5m = Math.max(writtenFor(usage, '5m'), written - write1h);
  return {
    inputTokens: (fresh ?? 0) + read + write5m + write1h,
    cachedReadTokens: read,
    cacheWrite5mTokens: write5m,
    cacheWrite1hTokens: write1h,
    outputTokens: outputTokens ?? 0,
    reasoningTokens: null,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: 0,
    serviceTier: stringAt(objectAt(answer, 'serviceTier'), 'type') ?? null,
    source: 'provider',
  };
}

function writtenFor(usage: JsonObject | undefined, ttl: string): number {
  return objectsAt(usage, 'cacheDetails')
    .filter(detail => detail.ttl === ttl)
    .reduce((sum, detail) => sum + (numberAt(detail, 'inputTokens') ?? 0), 0);
}

/** `usage` and the tier, as they stand in an answer and in `metadata`. */
export function encodeUsage(usage: Usage | null): JsonObject {
  if (usage === null) return {};
  const { cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens, serviceTier } = usage;
  const written = cacheWrite5mTokens + cacheWrite1hTokens;
  // Longer lifetimes come first.
  const details = [
    { ttl: '1h', inputTokens: cacheWrite1hTokens },
    { ttl: '5m', inputTokens: cacheWrite5mTokens },
  ].filter(detail => detail.inputTokens > 0);
  return {
    usage: {
      inputTokens: Math.max(0, usage.inputTokens - cachedReadTokens - written),
      outputTokens: usage.outputTokens,
      totalTokens: usage.inputTokens + usage.outputTokens,
      cacheReadInputTokens: cachedReadTokens,
      cacheWriteInputTokens: written,
      ...(details.length === 0 ? {} : { cacheDetails: details }),
    },
    ...(serviceTier === null ? {} : { serviceTier: { type: serviceTier } }),
  };
}
