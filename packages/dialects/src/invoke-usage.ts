// Tokens as InvokeModel counts them for every model: in headers of a whole answer, and in the last
// event of a stream. (docs.aws.amazon.com/bedrock; recordings of 2024 and 2025)

import type { Usage } from './canonical.ts';
import type { HeaderMap } from './dialect.ts';
import { inputUsage } from './input-usage.ts';
import { type JsonObject, numberAt, objectAt } from './json.ts';

/** null where the headers do not count. */
export function headerUsage(headers: HeaderMap): Usage | null {
  const count = (name: string): number | undefined => {
    const text = headers[`x-amzn-bedrock-${name}-token-count`];
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  return usageOf(
    count('input'),
    count('output'),
    count('cache-read-input'),
    count('cache-write-input'),
  );
}

/** null where this event does not count. */
export function metricsUsage(event: JsonObject): Usage | null {
  const metrics = objectAt(event, 'amazon-bedrock-invocationMetrics');
  return usageOf(
    numberAt(metrics, 'inputTokenCount'),
    numberAt(metrics, 'outputTokenCount'),
    numberAt(metrics, 'cacheReadInputTokenCount'),
    numberAt(metrics, 'cacheWriteInputTokenCount'),
  );
}

/** What was read from and written to the cache is counted beside the rest, as in Converse. */
function usageOf(
  fresh: number | undefined,
  output: number | undefined,
  read: number = 0,
  written: number = 0,
): Usage | null {
  if (fresh === undefined && output === undefined) return null;
  return {
    ...inputUsage((fresh ?? 0) + read + written),
    cachedReadTokens: read,
    cacheWrite5mTokens: written,
    outputTokens: output ?? 0,
  };
}
