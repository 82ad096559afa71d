// Proves that an upstream's wish to be left alone is read in every form that RFC 9110 and the SDKs
// know, and that anything else is no wish. A table of header values against one fixed time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs } from '../../src/clouds/retry-after.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);
const day = 86_400_000;

const rows: readonly [string, Record<string, string>, number | null][] = [
  ['no header at all', {}, null],
  ['milliseconds', { 'retry-after-ms': '250' }, 250],
  ['milliseconds with a fraction', { 'retry-after-ms': '250.4' }, 251],
  ['milliseconds before seconds', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [
    'seconds when the milliseconds are no number',
    { 'retry-after-ms': 'x', 'retry-after': '9' },
    9000,
  ],
  ['seconds', { 'retry-after': '34' }, 34_000],
  ['seconds with space around', { 'retry-after': ' 34 ' }, 34_000],
  ['seconds with a fraction', { 'retry-after': '0.5' }, 500],
  ['zero', { 'retry-after': '0' }, 0],
  ['negative', { 'retry-after': '-5' }, null],
  ['empty', { 'retry-after': '' }, null],
  ['with a unit', { 'retry-after': '120s' }, null],
  ['in exponent form', { 'retry-after': '1e3' }, null],
  ['hexadecimal', { 'retry-after': '0x10' }, null],
  ['words', { 'retry-after': 'soon' }, null],
  ['infinity by name', { 'retry-after': 'Infinity' }, null],
  ['huge', { 'retry-after': '99999999999' }, day],
  ['more digits than a double holds', { 'retry-after': '9'.repeat(400) }, day],
  ['an HTTP date', { 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30_000],
  ['an HTTP date in the past', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
  ['an HTTP date years away', { 'retry-after': 'Fri, 24 Nov 2028 11:00:00 GMT' }, day],
  ['the obsolete RFC 850 date', { 'retry-after': 'Tuesday, 24-Nov-26 12:01:00 GMT' }, 60_000],
  ['the obsolete asctime date', { 'retry-after': 'Tue Nov 24 12:02:00 2026' }, 120_000],
  [
    "an HTTP date on the upstream's clock, which is fast",
    { 'retry-after': 'Tue, 24 Nov 2026 12:10:30 GMT', date: 'Tue, 24 Nov 2026 12:10:00 GMT' },
    30_000,
  ],
  ['a day that is not there', { 'retry-after': 'Tue, 99 Nov 2026 12:00:30 GMT' }, null],
  ['an ISO date', { 'retry-after': '2026-11-24T12:00:30Z' }, null],
  ['a bare year', { 'retry-after': '2026-11' }, null],
];

for (const [name, headers, expected] of rows) {
  test(`retry-after: ${name}`, () => assert.equal(retryAfterMs(headers, now), expected));
}

test('a header that came twice is no wish, and no crash', () => {
  const headers = { 'retry-after': ['1', '2'] } as unknown as Record<string, string>;
  assert.equal(retryAfterMs(headers, now), null);
});
