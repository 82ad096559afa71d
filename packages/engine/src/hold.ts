// How long a deployment asked to be left alone: rate limits for seconds, quotas for long. A hold
// says that the deployment is well and busy, so it never opens the circuit. Of two deadlines the
// later one stands.

import type { HoldSettings } from './defaults.ts';
import type { Ms } from './engine.ts';

export interface Hold {
  /** null when it was never asked for. */
  untilMs: Ms | null;
  quotaUntilMs: Ms | null;
  /** Rate limits in a row that named no time, and when the last of them was counted. */
  strikes: number;
  struckAtMs: Ms | null;
}

export function createHold(): Hold {
  return { untilMs: null, quotaUntilMs: null, strikes: 0, struckAtMs: null };
}

/** Holds the deployment for what it asked for; without that, longer with each that follows. */
export function holdFor(
  hold: Hold,
  settings: HoldSettings,
  retryAfterMs: number | null,
  startedMs: Ms,
  now: Ms,
): void {
  let holdMs = asked(retryAfterMs, settings.retryAfterMaxMs);
  if (holdMs === null) {
    // Attempts that were under way together were all refused for the same reason: one strike.
    if (hold.struckAtMs === null || startedMs >= hold.struckAtMs) {
      hold.strikes += 1;
      hold.struckAtMs = now;
    }
    holdMs = Math.min(settings.rateLimitMaxMs, settings.rateLimitMs * 2 ** (hold.strikes - 1));
  }
  hold.untilMs = Math.max(hold.untilMs ?? 0, now + holdMs);
}

export function holdForQuota(
  hold: Hold,
  settings: HoldSettings,
  retryAfterMs: number | null,
  now: Ms,
): void {
  const holdMs = asked(retryAfterMs, settings.quotaMaxMs) ?? settings.quotaMs;
  hold.quotaUntilMs = Math.max(hold.quotaUntilMs ?? 0, now + holdMs);
}

/** A success that began after the last strike: the next rate limit is the first again. */
export function forgetStrikes(hold: Hold, startedMs: Ms): void {
  if (hold.struckAtMs !== null && startedMs < hold.struckAtMs) return;
  hold.strikes = 0;
  hold.struckAtMs = null;
}

/** null for what asks for nothing: absent, zero, negative, not a number. */
function asked(retryAfterMs: number | null, maxMs: number): number | null {
  if (retryAfterMs === null || !(retryAfterMs > 0)) return null;
  return Math.min(retryAfterMs, maxMs);
}
