// A quota shows itself in the minutes in which attempts were refused for their rate: what was
// answered in them is about the same, and no minute without a refusal had much more.

import type { QuotaModel } from '../upstream/model.ts';
import type { AttemptRow } from './attempt-row.ts';
import { medianOf } from './moments.ts';

const minuteMs = 60_000;
/** In fewer minutes it may have been anything. */
const leastMinutes = 3;

interface Minute {
  requests: number;
  tokens: number;
  refused: number;
}

export const noQuota: QuotaModel = { requestsPerMinute: null, tokensPerMinute: null };

/** Requests or tokens: whichever was steadier in the minutes that met it. */
export function fitQuota(rows: readonly AttemptRow[]): QuotaModel {
  const all = [...minutesOf(rows).values()];
  const full = all.filter(minute => minute.refused > 0);
  if (full.length < leastMinutes) return noQuota;
  const others = all.filter(minute => minute.refused === 0);
  const fits = (of: (minute: Minute) => number): number | null => {
    const limit = medianOf(full.map(of));
    const above = others.filter(minute => of(minute) > 1.2 * limit).length;
    return limit === 0 || above > 0.05 * others.length ? null : limit;
  };
  const requests = fits(minute => minute.requests);
  const tokens = fits(minute => minute.tokens);
  const isByTokens = tokens !== null && spread(full, m => m.tokens) < spread(full, m => m.requests);
  return isByTokens || requests === null
    ? { requestsPerMinute: null, tokensPerMinute: tokens }
    : { requestsPerMinute: requests, tokensPerMinute: null };
}

function minutesOf(rows: readonly AttemptRow[]): Map<number, Minute> {
  const minutes = new Map<number, Minute>();
  for (const { startedAtMs, failure, inputTokens, outputTokens } of rows) {
    const at = Math.floor(startedAtMs / minuteMs);
    const minute = minutes.get(at) ?? { requests: 0, tokens: 0, refused: 0 };
    if (failure === 'rate-limit') minute.refused += 1;
    else {
      minute.requests += 1;
      minute.tokens += (inputTokens ?? 0) + (outputTokens ?? 0);
    }
    minutes.set(at, minute);
  }
  return minutes;
}

/** Median distance from the median, over it. */
function spread(minutes: readonly Minute[], of: (minute: Minute) => number): number {
  const middle = medianOf(minutes.map(of));
  return medianOf(minutes.map(minute => Math.abs(of(minute) - middle))) / middle;
}
