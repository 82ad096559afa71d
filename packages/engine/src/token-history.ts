// What answers of a deployment used lately, to guess what the next one will cost. For ordering
// candidates only: what is charged is always what was used.

import type { TokenSettings } from './defaults.ts';
import type { Usage } from './intent.ts';

/** Moving means; null until an answer was settled. */
export interface TokenHistory {
  outputTokens: number | null;
  /** Share of input that was read from the cache, 0..1. */
  cachedReadShare: number | null;
}

export function createTokenHistory(): TokenHistory {
  return { outputTokens: null, cachedReadShare: null };
}

export function noteUsage(history: TokenHistory, settings: TokenSettings, usage: Usage): void {
  const { weight } = settings;
  history.outputTokens = moved(history.outputTokens, usage.outputTokens, weight);
  if (usage.inputTokens <= 0) return;
  const share = Math.min(1, usage.cachedReadTokens / usage.inputTokens);
  history.cachedReadShare = moved(history.cachedReadShare, share, weight);
}

function moved(mean: number | null, value: number, weight: number): number {
  return mean === null ? value : mean + weight * (value - mean);
}
