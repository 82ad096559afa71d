// How long one attempt may take. The last resort gets the full time. While a substitute stands
// ready an attempt gets less: max(floor, 5 x the p99 measured so far) plus time to read the input,
// so that a stall before the first token is given up after seconds.

import type { Deadlines } from './choice.ts';
import type { DeadlineSettings, Settings } from './defaults.ts';
import type { Ms } from './engine.ts';
import type { Intent } from './intent.ts';
import { isFresh } from './latency.ts';
import { quantile } from './quantiles.ts';
import type { Member } from './state.ts';

/** What is known of the deployment that is tried. */
export type Known = Pick<Member, 'deployment' | 'state'>;

/** `remainingMs` is what is left of the whole request's time. */
export function deadlinesOf(
  member: Known,
  intent: Intent,
  settings: Settings,
  hasSubstitute: boolean,
  remainingMs: number,
  now: Ms,
): Deadlines {
  const full = fullFirstEventMs(member, intent, settings.deadlines);
  const firstEventMs = hasSubstitute
    ? Math.min(full, patienceMs(member, intent, settings, now))
    : full;
  const { connectMs, stallMs } = settings.deadlines;
  return {
    connectMs: Math.min(connectMs, remainingMs),
    firstEventMs: Math.min(firstEventMs, remainingMs),
    stallMs: Math.min(stallMs, remainingMs),
    totalMs: remainingMs,
    leaveWhenOpen: hasSubstitute,
  };
}

/**
 * The first content comes behind all thinking, and an answer that is not streamed when it is whole:
 * both within the tokens that the answer may have, which count thinking too.
 */
function fullFirstEventMs(member: Known, intent: Intent, settings: DeadlineSettings): number {
  const { offer } = member.deployment;
  const { firstEventMs, slowFirstEventMs, wholeMsPerToken } = settings;
  const mayThink = thinks(intent) || offer.features.includes('reasoning');
  if (intent.stream && !mayThink) return firstEventMs;
  const mostTokens = intent.maxOutputTokens ?? offer.maxOutputTokens;
  if (mostTokens === null) return slowFirstEventMs;
  return Math.min(slowFirstEventMs, firstEventMs + mostTokens * wholeMsPerToken);
}

function patienceMs(member: Known, intent: Intent, settings: Settings, now: Ms): number {
  const { patience } = settings;
  const p99 = measuredP99Ms(member, intent, settings, now);
  // How long a whole answer takes depends on its length, of which nothing is known yet.
  if (p99 === null && !intent.stream) return Number.POSITIVE_INFINITY;
  const usualMs = p99 === null ? patience.unmeasuredMs : patience.timesP99 * p99;
  const floorMs = thinks(intent) ? patience.reasoningFloorMs : patience.floorMs;
  return Math.max(floorMs, usualMs) + intent.inputTokens * patience.prefillMsPerToken;
}

/** Of first tokens for streams, of whole answers for the others; null while too little is known. */
function measuredP99Ms(member: Known, intent: Intent, settings: Settings, now: Ms): number | null {
  const { latency } = member.state;
  const measured = intent.stream ? latency.ttft : latency.whole;
  const enough = measured.samples >= settings.patience.minSamples;
  if (!enough || !isFresh(latency, settings.latency.staleMs, now)) return null;
  return quantile(measured, 0.99);
}

function thinks(intent: Intent): boolean {
  return intent.features.includes('reasoning');
}
