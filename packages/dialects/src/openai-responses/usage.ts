// Tokens of an answer as this dialect counts them: `input_tokens` includes the cache, and
// `output_tokens` the reasoning.

import type { Usage } from '../canonical.ts';
import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.ts';

/** Usage of a response; null when it has none or it counts nothing. */
export function decodeUsage(response: JsonObject): Usage | null {
  const usage = objectAt(response, 'usage');
  const input = numberAt(usage, 'input_tokens');
  const output = numberAt(usage, 'output_tokens');
  if (input === undefined && output === undefined) return null;
  const inputDetails = objectAt(usage, 'input_tokens_details');
  const outputDetails = objectAt(usage, 'output_tokens_details');
  return {
    inputTokens: input ?? 0,
    cachedReadTokens: numberAt(inputDetails, 'cached_tokens') ?? 0,
    cacheWrite5mTokens: numberAt(inputDetails, 'cache_write_tokens') ?? 0,
    cacheWrite1hTokens: 0,
    outputTokens: output ?? 0,
    reasoningTokens: numberAt(outputDetails, 'reasoning_tokens') ?? null,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: webSearchesOf(response),
    serviceTier: stringAt(response, 'service_tier') ?? null,
    source: 'provider',
  };
}

/** Searches are charged; the opening of a page that was found is not. */
function webSearchesOf(response: JsonObject): number {
  const counted = objectAt(objectAt(response, 'tool_usage'), 'web_search');
  const requests = numberAt(counted, 'num_requests');
  if (requests !== undefined) return requests;
  return objectsAt(response, 'output').filter(item => {
    if (item.type !== 'web_search_call') return false;
    const action = stringAt(objectAt(item, 'action'), 'type') ?? 'search';
    return action === 'search';
  }).length;
}

/** The usage object that a caller sees; the schema demands all its keys. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens } = usage;
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedReadTokens,
      cache_write_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
