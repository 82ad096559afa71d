// `from`, `until` and `lasts` of an entry: durations since the traffic's start, or moments of the
// calendar.

import type { Fields } from '../fields.ts';
import { type Window, wholeTraffic } from '../window.ts';

export const windowFields: readonly string[] = ['from', 'until', 'lasts'];

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const duration =
  /^(?=.)(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;
const moment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/;

type Time = { readonly clock: Window['clock']; readonly ms: number };

/** Neither of them: all the traffic. */
export function readWindow(fields: Fields): Window {
  const from = readTime(fields, 'from');
  const until = readTime(fields, 'until');
  const lasts = fields.has('lasts') ? readDuration(fields, 'lasts') : null;
  if (until !== null && lasts !== null) {
    fields.problem('lasts', 'must not stand beside until: one or the other');
  }
  if (from !== null && until !== null && from.clock !== until.clock) {
    fields.problem('until', 'must be a duration as from is, or a moment as from is');
    return wholeTraffic;
  }
  const clock = from?.clock ?? until?.clock ?? 'since-start';
  const fromMs = from?.ms ?? (lasts === null ? Number.NEGATIVE_INFINITY : 0);
  const untilMs = until?.ms ?? (lasts === null ? Number.POSITIVE_INFINITY : fromMs + lasts);
  if (untilMs <= fromMs) fields.problem(until === null ? 'lasts' : 'until', 'must be after from');
  return { clock, fromMs, untilMs };
}

/** `4h22m`, `90s`, `1d12h`: in ms. */
export function readDuration(fields: Fields, name: string): number {
  const text = fields.raw(name);
  const ms = typeof text === 'string' ? durationMs(text) : null;
  if (ms !== null) return ms;
  fields.problem(name, `must be a duration such as 4h22m, 90s or 1d12h, not ${show(text)}`);
  return 0;
}

function readTime(fields: Fields, name: string): Time | null {
  if (!fields.has(name)) return null;
  const text = fields.raw(name);
  if (typeof text === 'string') {
    const ms = durationMs(text);
    if (ms !== null) return { clock: 'since-start', ms };
    const unixMs = moment.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isFinite(unixMs)) return { clock: 'unix', ms: unixMs };
  }
  const forms = 'a duration since the traffic began (10m, 4h22m) or a moment in UTC';
  fields.problem(name, `must be ${forms} (2025-10-20T06:48:00Z), not ${show(text)}`);
  return null;
}

function durationMs(text: string): number | null {
  const match = duration.exec(text);
  if (match === null) return null;
  const [, d, h, m, s] = match.map(Number);
  const parts = [(d || 0) * unitMs.d, (h || 0) * unitMs.h, (m || 0) * unitMs.m];
  return Math.round(parts.reduce((sum, part) => sum + part, (s || 0) * unitMs.s));
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
