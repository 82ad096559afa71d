// How long an answer takes: a base and the prompt's reading, then a time for each token, each with
// noise that the seed decides. Divided by the simulation's speed.

import type { ModelLatency } from './model.ts';
import { lognormal, type Random } from './random.ts';

/** Real milliseconds. */
export interface Pace {
  readonly firstTokenMs: number;
  readonly msPerToken: number;
}

export const noWait: Pace = { firstTokenMs: 0, msPerToken: 0 };

export interface Work {
  /** Input that is not read from the prompt cache. */
  readonly freshInputTokens: number;
  /** Thought before anything is said. */
  readonly hiddenTokens: number;
}

/** The noise of the time per token is a third of that of the first: it averages over tokens. */
const tokenSigmaShare = 1 / 3;

export function paceOf(latency: ModelLatency, work: Work, divisor: number, random: Random): Pace {
  const { firstTokenBaseMs, prefillTokensPerSecond, msPerOutputToken, sigma } = latency;
  const readingMs = (work.freshInputTokens / prefillTokensPerSecond) * 1000;
  const firstMs = (firstTokenBaseMs + readingMs) * lognormal(random, sigma);
  const tokenMs = msPerOutputToken * lognormal(random, sigma * tokenSigmaShare);
  return {
    firstTokenMs: (firstMs + work.hiddenTokens * tokenMs) / divisor,
    msPerToken: tokenMs / divisor,
  };
}
