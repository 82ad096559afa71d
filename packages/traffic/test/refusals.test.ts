// What cannot be read is refused by file, row and column, with what was expected there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readColumnMap } from '../src/column-map.ts';
import { readRouteMap } from '../src/route-map.ts';
import { TrafficError } from '../src/traffic-error.ts';
import { readAll, trafficFile } from './traffic-file.ts';

const header = 'TIMESTAMP,ContextTokens,GeneratedTokens';
const good = '2023-11-16 18:15:46,1,2';

const bad: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['a missing column', 'TIMESTAMP,ContextTokens\n2023-11-16 18:15:46,1\n', /GeneratedTokens/],
  ['no request', `${header}\n`, /c\.csv: there is no request in it/],
  [
    'a time that is none',
    `${header}\n${good}\nyesterday,1,2\n`,
    /c\.csv: row 2 \(line 3\), column TIMESTAMP is "yesterday"; expected a time such as/,
  ],
  [
    'a count that is none',
    `${header}\n2023-11-16 18:15:46,1,x\n`,
    /row 1 \(line 2\), column GeneratedTokens is "x"; expected a whole number >= 0/,
  ],
  ['a negative count', `${header}\n2023-11-16 18:15:46,-1,1\n`, /ContextTokens is "-1"/],
  ['a fraction', `${header}\n2023-11-16 18:15:46,1.5,1\n`, /ContextTokens is "1.5"/],
  [
    'a count beyond all reason',
    `${header}\n${good}\n2023-11-16 18:15:46,99999999999999,1\n`,
    /c\.csv: row 2 \(line 3\), column ContextTokens is "99999999999999"; expected .* at most 42949/,
  ],
  ['nothing at all', '', /c\.csv is empty/],
  ['a short line', `${header}\n${good}\n2023-11-16 18:15:46,1\n`, /GeneratedTokens is ""/],
  [
    'a long line',
    `${header}\n${good}\n${good},,9\n${good},8\n`,
    /c\.csv: row 2 \(line 3\) has 5 cells; the header names 3/,
  ],
  [
    'a header that is shorter than every line',
    `${header}\n${`${good},9\n`.repeat(9)}`,
    /c\.csv: row 1 \(line 2\) has 4 cells; the header names 3/,
  ],
  [
    'a long line deep in a file',
    `${header}\n${`${good}\n`.repeat(30_000)}${good},9\n${good}\n`,
    /c\.csv: row 30001 \(line 30002\) has 4 cells; the header names 3/,
  ],
];
for (const [what, text, message] of bad) {
  test(`${what} is refused`, async t => {
    await assert.rejects(readAll(trafficFile(t, 'c.csv', text)), error => {
      assert.ok(error instanceof TrafficError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

test('lines that end with empty cells beyond the header lose nothing, and are taken', async t => {
  const file = trafficFile(t, 'c.csv', `${header}\n${good},,\n${good}\n${good},\n`);
  const { requests } = await readAll(file);
  assert.equal(requests.length, 3);
});

test('a bad row deep in a JSONL file is found with its row', async t => {
  const line = '{"timestamp":1,"input_length":2,"output_length":3,"hash_ids":[0]}\n';
  const wrong = '{"timestamp":1,"input_length":"two","output_length":3,"hash_ids":[0]}\n';
  const file = trafficFile(t, 'm.jsonl', line.repeat(5000) + wrong + line.repeat(10));
  await assert.rejects(readAll(file), /m\.jsonl: row 5001, column input_length is "two"/);
});

const cur =
  'line_item_usage_start_date,line_item_usage_type,line_item_usage_amount\n' +
  '2026-11-01 00:00:00,USE1-BoxUsage:t3.micro,many\n';
const azureBill = 'date,meterName,quantity,unitOfMeasure\n11/01/2026,gpt Inp Tokens,12,1K\n';
const badBills: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  [
    'an amount of tokens that is none, in a bill of AWS',
    `${cur}2026-11-01 00:00:00,USE1-Claude3-input-tokens,abc\n`,
    /row 2 \(line 3\), column line_item_usage_amount is "abc"; expected a number/,
  ],
  [
    'a day that is none, in a bill of AWS',
    `${cur}someday,USE1-Claude3-input-tokens,1\n`,
    /row 2 \(line 3\), column line_item_usage_start_date is "someday"; expected a date/,
  ],
  [
    'an amount of tokens that is none, in a bill of Azure',
    `${azureBill}11/01/2026,gpt Outp Tokens,x,1K\n`,
    /row 2 \(line 3\), column quantity is "x"; expected a number/,
  ],
  [
    'a day that is none, in a bill of Azure',
    `${azureBill}31/31/2026,gpt Outp Tokens,1,1K\n`,
    /row 2 \(line 3\), column date is "31\/31\/2026"; expected a day such as/,
  ],
];
for (const [what, text, message] of badBills) {
  test(`${what} is refused by the bill's own row and column`, async t => {
    await assert.rejects(readAll(trafficFile(t, 'bill.csv', text)), message);
  });
}

test('a line that is no JSON is told by its number', async t => {
  const line = '{"timestamp":1,"input_length":2,"output_length":3,"hash_ids":[0]}\n';
  for (const before of [0, 1, 3000]) {
    const file = trafficFile(t, 'm.jsonl', `${line.repeat(before)}{bad\n${line}`);
    const place = new RegExp(
      `m\\.jsonl: line ${before + 1} is no JSON: unexpected character at byte`,
    );
    await assert.rejects(readAll(file), place);
  }
});

test('columns may stand in any order and lines may end in CRLF', async t => {
  const text =
    'GeneratedTokens,TIMESTAMP,ContextTokens\r\n9,2024-05-10 00:00:02,2\r\n8,2024-05-10 00:00:01,1\r\n';
  const { requests } = await readAll(trafficFile(t, 'b.csv', text));
  assert.deepEqual(
    requests.map(r => r.inputTokens),
    [1, 2],
  );
});

test('a format that does not fit names what the file lacks', async t => {
  const file = trafficFile(t, 'c.csv', `${header}\n${good}\n`);
  await assert.rejects(readAll(file, { format: 'mooncake' }), /c\.csv: no columns timestamp/);
  await assert.rejects(readAll(file, { format: 'splunk' }), /no format splunk: azure, burstgpt/);
});

test('columns of no format are told, with the format that is nearest', async t => {
  const near = trafficFile(t, 'near.csv', 'TIMESTAMP,ContextTokens,Output\n1,2,3\n');
  await assert.rejects(readAll(near), /TIMESTAMP, ContextTokens, Output\. For azure it lacks Gen/);
  const far = trafficFile(t, 'far.csv', 'a,b\n1,2\n');
  await assert.rejects(readAll(far), /of no known format: a, b\. Say which column/);
});

test('no file, and a file of no kind, are refused by name', async () => {
  await assert.rejects(readAll('/nowhere/a.csv'), /there is no file \/nowhere\/a\.csv/);
  await assert.rejects(readAll(import.meta.filename), /should end in \.csv/);
});

test('traffic without models needs a route', async t => {
  const file = trafficFile(t, 'c.csv', `${header}\n${good}\n`);
  const routes = { otherwise: null, routes: new Map() };
  await assert.rejects(readAll(file, { routes }), /name no model/);
});

test('the small files of columns and routes are refused with all that is wrong', () => {
  assert.throws(() => readColumnMap('time: x\n', 'm.yaml'), /m\.yaml:1: inputTokens/);
  assert.throws(() => readColumnMap('a: [', 'm.yaml'), /m\.yaml:\d: must be YAML/);
  assert.throws(() => readRouteMap('routes: { a: 1 }\n', 'r.yaml'), /r\.yaml:1: routes\.a/);
  const map = readRouteMap('default: gpt\nroutes: { ChatGPT: mini }\n', 'r.yaml');
  assert.deepEqual([map.otherwise, map.routes.get('ChatGPT')], ['gpt', 'mini']);
});

test('of very many callers the rarest count as one', async t => {
  const line = (key: number): string => `1,ChatGPT,5,6,11,key-${key}`;
  const frequent = [line(7), line(7), line(8), line(8)];
  const lines = Array.from({ length: 60_100 }, (_, key) => line(key));
  const names = 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type';
  const file = trafficFile(t, 'many.csv', [names, ...frequent, ...lines, ''].join('\n'));
  const { head, requests } = await readAll(file);
  assert.equal(head.keys.length, 60_001);
  assert.deepEqual(head.keys.slice(0, 2), ['key-7', 'key-8']);
  assert.equal(requests.filter(request => request.key === '(others)').length, 100);
});
