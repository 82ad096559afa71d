// Usage of what is read and not answered.

import type { Usage } from './canonical.ts';

export function inputUsage(inputTokens: number): Usage {
  return {
    inputTokens,
    cachedReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
    reasoningTokens: null,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: 0,
    serviceTier: null,
    source: 'provider',
  };
}
