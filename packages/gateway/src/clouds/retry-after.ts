// How long an upstream asks to be left alone, from the headers of its answer. What is not in one of
// the forms that RFC 9110 allows is no wish at all: null, never 0 and never a guess.

import type { HeaderMap } from '@entrepot/dialects/dialect';

/** A longer wish is cut to this: a wrong figure must not put a deployment away for good. */
const longestMs = 24 * 60 * 60 * 1000;

/**
 * Milliseconds from `retry-after-ms` (OpenAI, Azure), else from `retry-after` in seconds or as an
 * HTTP date (RFC 9110, 10.2.3): by the upstream's own clock where it tells it, else by ours,
 * `nowMs` in Unix time. 0 to one day; null when there is none.
 */
export function retryAfterMs(headers: HeaderMap, nowMs: number): number | null {
  const inMs = number(headers['retry-after-ms']);
  if (inMs !== null) return bounded(inMs);
  const text = headers['retry-after'];
  const seconds = number(text);
  if (seconds !== null) return bounded(seconds * 1000);
  const untilMs = httpDate(text);
  return untilMs === null ? null : bounded(untilMs - (httpDate(headers.date) ?? nowMs));
}

function bounded(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), 0), longestMs);
}

/** Digits, perhaps with a fraction: `120s`, `-1`, `1e3` and the empty string are not numbers. */
function number(text: unknown): number | null {
  return typeof text === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

const imfDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const rfc850Date = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const asctimeDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** Unix ms of the three forms of an HTTP date (RFC 9110, 5.6.7). */
function httpDate(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const trimmed = text.trim();
  const isAsctime = asctimeDate.test(trimmed);
  if (!isAsctime && !imfDate.test(trimmed) && !rfc850Date.test(trimmed)) return null;
  const ms = Date.parse(isAsctime ? `${trimmed} GMT` : trimmed);
  return Number.isNaN(ms) ? null : ms;
}
