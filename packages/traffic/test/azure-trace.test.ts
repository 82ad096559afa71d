// A trace file is read with its real times and counts, and a bad one is refused by file, line and
// column: shown on small texts, and on the published file where it is present.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAzureTrace, TraceError } from '../src/azure-trace.ts';

const header = 'TIMESTAMP,ContextTokens,GeneratedTokens';
const file = join(
  import.meta.dirname,
  '../../../../shared/traces/azure_llm/AzureLLMInferenceTrace_conv.csv',
);
const skip = existsSync(file) ? false : 'needs ../shared/traces/azure_llm';

test('times become milliseconds since the first request', () => {
  const text = `${header}\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n`;
  const [first, second] = parseAzureTrace(text, 'a.csv');
  assert.deepEqual(first, { atMs: 0, inputTokens: 374, outputTokens: 44 });
  assert.ok(Math.abs(second!.atMs - 4314.579) < 0.01);
});

test('columns may stand in any order, lines may end in CRLF, and time may not ascend', () => {
  const text =
    'GeneratedTokens,TIMESTAMP,ContextTokens\r\n9,2024-05-10 00:00:02,2\r\n8,2024-05-10 00:00:01,1\r\n';
  assert.deepEqual(parseAzureTrace(text, 'b.csv'), [
    { atMs: 0, inputTokens: 1, outputTokens: 8 },
    { atMs: 1000, inputTokens: 2, outputTokens: 9 },
  ]);
});

const bad: readonly (readonly [string, string, RegExp])[] = [
  ['a missing column', 'TIMESTAMP,ContextTokens\n', /c\.csv:1: no column GeneratedTokens/],
  ['an empty file', '', /c\.csv:1: no column TIMESTAMP/],
  ['no request', `${header}\n`, /there is no request/],
  ['a time that is none', `${header}\nyesterday,1,2\n`, /c\.csv:2: TIMESTAMP is "yesterday"/],
  [
    'a count that is none',
    `${header}\n2023-11-16 18:15:46,1,x\n`,
    /c\.csv:2: GeneratedTokens is "x"/,
  ],
  ['a negative count', `${header}\n2023-11-16 18:15:46,-1,1\n`, /c\.csv:2: ContextTokens/],
  ['a short line', `${header}\n2023-11-16 18:15:46,1\n`, /c\.csv:2: GeneratedTokens is ""/],
];
for (const [what, text, message] of bad) {
  test(`${what} is refused by line and column`, () => {
    assert.throws(
      () => parseAzureTrace(text, 'c.csv'),
      error => {
        assert.ok(error instanceof TraceError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('the published file is read whole', { skip }, () => {
  const requests = parseAzureTrace(readFileSync(file, 'utf8'), file);
  assert.equal(requests.length, 19_366);
  assert.ok(Math.abs(requests.at(-1)!.atMs - 3_501_722) < 10);
});
