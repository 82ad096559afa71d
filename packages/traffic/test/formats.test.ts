// Each format is found out by its columns and read as it is published. Azure 2023 and Mooncake are
// read from the published files where they are present. Of the others there is no file here: those
// tests use small ones made to the published descriptions of their columns.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readColumnMap } from '../src/column-map.ts';
import { brief, readAll, trafficFile } from './traffic-file.ts';

const shared = join(import.meta.dirname, '../../../../shared/traces');
const skip = existsSync(shared) ? false : 'needs ../shared/traces';

test('Azure 2023, the published conversation trace', { skip }, async () => {
  const file = join(shared, 'azure_llm/AzureLLMInferenceTrace_conv.csv');
  const { head, requests } = await readAll(file);
  assert.equal(head.requests, 19_366);
  assert.equal(requests.length, 19_366);
  assert.ok(Math.abs(requests.at(-1)!.atMs - 3_501_722) < 10);
  assert.ok(Math.abs(requests[1]!.atMs - 4314.579) < 0.01);
  assert.deepEqual(brief(requests.slice(0, 1)), [[0, 'gpt', '', 374, 44]]);
});

test('Mooncake, the published conversation trace, with its prefix hashes', { skip }, async () => {
  const { head, requests } = await readAll(join(shared, 'mooncake/conversation_trace.jsonl'));
  assert.equal(requests.length, 12_031);
  assert.equal(head.blockTokens, 512);
  assert.equal(head.startUnixMs, null);
  assert.deepEqual(requests[3]!.hashes, [0, 42, 43, 44, 45]);
  const hashes = requests.reduce((sum, r) => sum + r.hashes!.length, 0);
  assert.equal(hashes, 288_500);
});

test('ServeGen: drawn from the published clients, the same for the same seed', {
  skip,
}, async () => {
  const folder = join(shared, 'servegen/deepseek-r1');
  const { head, requests } = await readAll(folder);
  assert.equal(head.keys.length, 73);
  assert.deepEqual(head.routes, ['deepseek-r1']);
  // The rates of all windows add up to 1,383,669.
  assert.ok(Math.abs(requests.length / 1_383_669 - 1) < 0.01, `${requests.length}`);
  assert.ok(requests.every((r, i) => i === 0 || r.atMs >= requests[i - 1]!.atMs));
});

test('Azure 2024: times with their zone (made to the description)', async t => {
  const file = trafficFile(
    t,
    'week.csv',
    'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:02.5+00:00,2,9\n' +
      '2024-05-10 00:00:01+00:00,1,8\n',
  );
  const { head, requests } = await readAll(file);
  assert.equal(head.startUnixMs, Date.parse('2024-05-10T00:00:01Z'));
  assert.deepEqual(brief(requests), [
    [0, 'gpt', '', 1, 8],
    [1500, 'gpt', '', 2, 9],
  ]);
});

test('Azure 2025: images, compressed (made to the description)', async t => {
  const file = trafficFile(
    t,
    'multimodal.csv.gz',
    'TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2024-10-15 10:00:00,2,1500,30\n' +
      '2024-10-15 10:00:01,0,150,3\n',
  );
  const { requests } = await readAll(file);
  assert.deepEqual(
    requests.map(r => r.features),
    [['streaming', 'vision'], ['streaming']],
  );
});

test('BurstGPT: models by name, failures left out (made to the description)', async t => {
  const file = trafficFile(
    t,
    'BurstGPT_1.csv',
    'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n' +
      '5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,0,1087,API log\n' +
      '118,GPT-4,417,276,693,Conversation log\n',
  );
  const routes = { otherwise: null, routes: new Map([['ChatGPT', 'mini']]) };
  const { head, requests } = await readAll(file, { routes });
  assert.deepEqual(brief(requests), [
    [0, 'mini', 'Conversation log', 472, 18],
    [113_000, 'GPT-4', 'Conversation log', 417, 276],
  ]);
  assert.equal(head.requests, 2);
  assert.match(head.assumed.join(' '), /failed in the trace/);
});

test('Qwen Bailian: blocks of 16, images by type (made to the description)', async t => {
  const row = (over: object): string =>
    JSON.stringify({
      chat_id: 1,
      parent_chat_id: -1,
      timestamp: 0.061,
      input_length: 40,
      output_length: 7,
      type: 'text',
      turn: 1,
      hash_ids: [1, 2, 3],
      ...over,
    });
  const text = `${row({})}\n${row({ chat_id: 2, timestamp: 1.061, type: 'image', hash_ids: [1] })}\n`;
  const { head, requests } = await readAll(trafficFile(t, 'traceA.jsonl', text));
  assert.equal(head.blockTokens, 16);
  assert.deepEqual(brief(requests), [
    [0, 'gpt', 'text', 40, 7],
    [1000, 'gpt', 'image', 40, 7],
  ]);
  assert.deepEqual(requests[1]!.hashes, [1]);
  assert.deepEqual(requests[1]!.features, ['streaming', 'vision']);
});

test('LiteLLM SpendLogs as JSON, CSV and with groups (made to the published table)', async t => {
  const row = {
    request_id: 'a',
    call_type: 'acompletion',
    api_key: 'hash-1',
    spend: 0.01,
    prompt_tokens: 100,
    completion_tokens: 10,
    startTime: '2026-01-02T03:04:05.678000+00:00',
    model: 'gpt-5.4-2026-03-05',
    model_group: 'gpt',
  };
  const failed = { ...row, prompt_tokens: 0, completion_tokens: 0 };
  const json = trafficFile(t, 'spend.json', JSON.stringify([row, failed]));
  assert.deepEqual(brief((await readAll(json)).requests), [[0, 'gpt', 'hash-1', 100, 10]]);
  const names = Object.keys(row).filter(name => name !== 'model_group');
  const cells = names.map(name => row[name as keyof typeof row]).join(',');
  const csv = trafficFile(t, 'spend.csv', `${names.join(',')}\n${cells}\n`);
  const { requests } = await readAll(csv);
  assert.deepEqual(brief(requests), [[0, 'gpt-5.4-2026-03-05', 'hash-1', 100, 10]]);
});

test('OpenAI usage: sums spread over their bucket, to the token (made to the API)', async t => {
  const result = {
    object: 'organization.usage.completions.result',
    input_tokens: 5001,
    output_tokens: 1000,
    num_model_requests: 3,
    api_key_id: 'key_abc',
    model: 'gpt-5.4',
  };
  const bucket = { object: 'bucket', start_time: 1730419200, end_time: 1730422800 };
  const page = { object: 'page', data: [{ ...bucket, results: [result] }], has_more: false };
  const { head, requests } = await readAll(trafficFile(t, 'usage.json', JSON.stringify(page)));
  assert.deepEqual(brief(requests), [
    [600_000, 'gpt-5.4', 'key_abc', 1667, 333],
    [1_800_000, 'gpt-5.4', 'key_abc', 1667, 333],
    [3_000_000, 'gpt-5.4', 'key_abc', 1667, 334],
  ]);
  assert.match(head.assumed.join(' '), /spread evenly over their bucket/);
  const csv = trafficFile(
    t,
    'usage.csv',
    'start_time,end_time,model,api_key_id,num_model_requests,input_tokens,output_tokens\n' +
      '1730419200,1730422800,gpt-5.4,key_abc,3,5001,1000\n',
  );
  assert.deepEqual((await readAll(csv)).requests, requests);
});

test('AWS CUR 2.0: input and output of a model put together (made to the manual)', async t => {
  const head =
    'line_item_usage_start_date,line_item_usage_end_date,line_item_usage_account_id,line_item_usage_type,line_item_usage_amount,pricing_unit';
  const hour = '2026-07-01T05:00:00Z,2026-07-01T06:00:00Z,111122223333';
  const file = trafficFile(
    t,
    'cur.csv',
    `${head}\n${hour},USE1-Claude4.6Sonnet-input-tokens,2.5,1K tokens\n` +
      `${hour},USE1-Claude4.6Sonnet-output-tokens,0.3,1K tokens\n` +
      `${hour},USE1-Claude4.6Sonnet-cache-read-input-token-count,0.5,1K tokens\n` +
      `${hour},USE1-BoxUsage:m5.large,1,Hrs\n`,
  );
  const { head: traffic, requests } = await readAll(file);
  assert.deepEqual(brief(requests), [
    [600_000, 'Claude4.6Sonnet', '111122223333', 1000, 100],
    [1_800_000, 'Claude4.6Sonnet', '111122223333', 1000, 100],
    [3_000_000, 'Claude4.6Sonnet', '111122223333', 1000, 100],
  ]);
  assert.match(traffic.assumed.join(' '), /does not count requests/);
});

test('Azure cost details: meters by day (made to the published columns)', async t => {
  const file = trafficFile(
    t,
    'costs.csv',
    'date,meterName,quantity,unitOfMeasure,costInBillingCurrency\n' +
      '07/01/2026,gpt-5.4 Inp glbl Tokens,2,1K,0.01\n' +
      '07/01/2026,gpt-5.4 Outp glbl Tokens,1,1K,0.01\n',
  );
  const { requests } = await readAll(file);
  assert.deepEqual(brief(requests), [
    [21_600_000, 'gpt-5.4 glbl', '', 1000, 500],
    [64_800_000, 'gpt-5.4 glbl', '', 1000, 500],
  ]);
});

test('columns of one’s own, as a mapping says', async t => {
  const text = '{"sent":1700000000000,"in":5,"out":6,"m":"x","live":true}\n';
  const file = trafficFile(t, 'own.jsonl', text);
  const format = readColumnMap(
    'time: { column: sent, unit: ms }\ninputTokens: in\noutputTokens: out\nmodel: m\nstream: live\n',
    'map.yaml',
  );
  const { requests } = await readAll(file, { format });
  assert.deepEqual(brief(requests), [[0, 'x', '', 5, 6]]);
  assert.deepEqual(requests[0]!.features, ['streaming']);
});
