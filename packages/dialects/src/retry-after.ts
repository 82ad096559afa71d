// How long an upstream asked to be left alone, from its headers.

import type { HeaderMap } from './dialect.ts';

/**
 * `retry-after-ms`, else `retry-after` in whole seconds or as an HTTP date (RFC 9110, 10.2.3),
 * which is read against the answer's own `date`. undefined for anything else.
 */
export function retryAfterMs(headers: HeaderMap): number | undefined {
  const inMs = headers['retry-after-ms'];
  if (inMs !== undefined && /^\d+(\.\d+)?$/.test(inMs)) return Math.ceil(Number(inMs));
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  const now = Date.parse(headers.date ?? '');
  if (!/^[A-Z][a-z]{2}, /.test(value) || Number.isNaN(until - now)) return undefined;
  return Math.max(0, until - now);
}
