// What is known of how fast a deployment answers. Measurements that are old are forgotten, so that
// an upstream that was slow once is not avoided for ever.

import type { LatencySettings } from './defaults.ts';
import type { Ms } from './engine.ts';
import type { AttemptOutcome } from './outcome.ts';
import { addSample, createQuantiles, type Quantiles, quantile } from './quantiles.ts';

export interface Latency {
  /** Time to first content of streams. */
  readonly ttft: Quantiles;
  /** Time to the end of every answer that was whole: what an unstreamed answer takes. */
  readonly whole: Quantiles;
  /** Read for every choice, so it is kept. */
  medianTtftMs: number | null;
  /** Moving mean over answers; null until one told its output tokens. */
  msPerOutputToken: number | null;
  measuredAtMs: Ms | null;
}

export function createLatency(): Latency {
  return {
    ttft: createQuantiles(),
    whole: createQuantiles(),
    medianTtftMs: null,
    msPerOutputToken: null,
    measuredAtMs: null,
  };
}

/**
 * Takes in the end of an attempt. A first token that came together with the end of the answer was
 * not streamed: it tells how long the whole takes, and nothing of the time to first token.
 */
export function measure(
  latency: Latency,
  settings: LatencySettings,
  outcome: AttemptOutcome,
  now: Ms,
): void {
  const { ttftMs, totalMs, outputTokens } = outcome;
  const streamed = ttftMs !== null && ttftMs < totalMs;
  if (streamed) {
    addSample(latency.ttft, ttftMs);
    latency.medianTtftMs = quantile(latency.ttft, 0.5);
  }
  const isWhole = outcome.failure === null;
  if (streamed || isWhole) latency.measuredAtMs = now;
  if (!isWhole) return;
  addSample(latency.whole, totalMs);
  if (outputTokens === null || outputTokens <= 0) return;
  const beforeMs = streamed ? ttftMs : Math.min(totalMs, latency.medianTtftMs ?? 0);
  const perToken = (totalMs - beforeMs) / outputTokens;
  const mean = latency.msPerOutputToken ?? perToken;
  latency.msPerOutputToken = mean + settings.speedWeight * (perToken - mean);
}

export function isFresh(latency: Latency, withinMs: number, now: Ms): boolean {
  return latency.measuredAtMs !== null && now - latency.measuredAtMs <= withinMs;
}

/**
 * The median time to first token to expect: measured where enough and recent, else what the
 * operator expects, else what little was measured; null is unknown.
 */
export function expectedTtftMs(
  latency: Latency,
  settings: LatencySettings,
  priorMs: number | null,
  now: Ms,
): number | null {
  if (!isFresh(latency, settings.staleMs, now)) return priorMs;
  if (latency.ttft.samples >= settings.minSamples) return latency.medianTtftMs;
  return priorMs ?? latency.medianTtftMs;
}
