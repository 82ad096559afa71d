// What a gateway has in its ledger comes out as Parquet and goes into what-if, by the file or the
// ledger's name: settled requests in order, their sizes, keys and routes; unknown stays unknown.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Entry } from '@entrepot/gateway/ledger/entry';
import { openLedger } from '@entrepot/gateway/ledger/open-ledger';
import type { WhatIfReport } from '@entrepot/replay/what-if/report';
import { readTraffic } from '@entrepot/traffic/read-traffic';
import { runCommand } from '../command-process.ts';
import { folderOf } from '../what-if/trace-file.ts';

const requests = 12_000;

const sample: Entry = {
  requestId: 'req',
  startedAtMs: Date.UTC(2026, 10, 2, 10),
  key: 'team-a',
  route: 'openai/gpt-5.4',
  dialect: 'openai-chat',
  stream: true,
  reservedNanoUsd: 20_000,
  outcome: 'ok',
  status: 200,
  error: null,
  ttftMs: 100.4,
  totalMs: 200.6,
  addedMs: 0.3,
  deployment: 'azure-gpt',
  offer: 'azure-openai/global/openai/gpt-5.4',
  cloud: 'azure',
  model: 'openai/gpt-5.4',
  inputTokens: 1000,
  cachedReadTokens: 0,
  cacheWriteTokens: null,
  outputTokens: 50,
  reasoningTokens: null,
  usageSource: 'provider',
  chargeNanoUsd: 12_345_678_901,
  lost: null,
  attempts: [
    {
      n: 1,
      deployment: 'azure-gpt',
      offer: 'azure-openai/global/openai/gpt-5.4',
      cloud: 'azure',
      model: 'openai/gpt-5.4',
      failure: null,
      status: 200,
      upstreamRequestId: null,
      startedAtMs: Date.UTC(2026, 10, 2, 10),
      ttftMs: 100.4,
      totalMs: 200.6,
    },
  ],
};

/** More than a page of requests, written in no order; one of unknown size, one still open. */
async function writeLedger(t: TestContext): Promise<{ db: string; folder: string }> {
  const folder = folderOf(t);
  const db = join(folder, 'ledger.db');
  const ledger = await openLedger({ path: db, mode: 'fast' });
  for (let i = requests - 1; i >= 0; i--) {
    const startedAtMs = sample.startedAtMs + Math.floor(i / 3) * 250;
    ledger.settle({ ...sample, requestId: `req_${i}`, startedAtMs, inputTokens: 100 + i });
    if (i % 1000 === 0) await ledger.flush();
  }
  ledger.settle({ ...sample, requestId: 'failed', inputTokens: null, outcome: 'failed' });
  await ledger.reserve({ ...sample, requestId: 'open' });
  await ledger.close();
  return { db, folder };
}

test('all that is settled is exported in order, and read back as traffic', async t => {
  const { db, folder } = await writeLedger(t);
  const file = join(folder, 'requests.parquet');
  const { code, stderr } = await runCommand(['ledger', 'export', file, '--db', db]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /12001 requests/);
  const routes = { otherwise: null, routes: new Map() };
  const traffic = await readTraffic(file, { format: null, routes, seed: 1 });
  const { head } = traffic;
  assert.equal(head.requests, requests);
  assert.deepEqual([head.routes, head.keys], [['openai/gpt-5.4'], ['team-a']]);
  assert.equal(head.startUnixMs, sample.startedAtMs);
  const batches = await Array.fromAsync(
    traffic.batches as AsyncIterable<{ count: number; inputTokens: Uint32Array }>,
  );
  traffic.close();
  const input = batches.reduce((sum, b) => sum + b.inputTokens.reduce((x, y) => x + y, 0), 0);
  assert.equal(input, (requests * (200 + requests - 1)) / 2);
});

test('what-if takes the ledger itself', async t => {
  const { db, folder } = await writeLedger(t);
  const args = ['what-if', '--traffic', 'ledger', '--ledger', db, '--seeds', '2', '--json', '-'];
  const { code, stdout, stderr } = await runCommand([...args, '--scenario', 'openai-outage']);
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout) as WhatIfReport;
  assert.equal(report.traffic.requests, requests);
  assert.match(report.assumed.join('\n'), /size the ledger does not know/);
  // The attempts of the ledger were all on one offer, and quick: no other is known so well.
  assert.match(
    report.assumed.join('\n'),
    /azure-openai\/global\/openai\/gpt-5\.4: as in \d+ answers/,
  );
  assert.match(
    report.assumed.join('\n'),
    /openai-api\/global\/openai\/gpt-5\.4: first token after/,
  );
  const none = join(folder, 'none.db');
  const missing = await runCommand(['what-if', '--traffic', none]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /there is no ledger at/);
});

test('plan serve takes the ledger itself, and says where it is not', async t => {
  const { db, folder } = await writeLedger(t);
  const args = ['plan', 'serve', '--model', 'llama-3.1-8b', '--traffic', 'ledger', '--ledger'];
  const found = await runCommand([...args, db, '--accelerator', 'H100-SXM']);
  assert.equal(found.code, 0, found.stderr);
  assert.match(found.stdout, /12\.0 requests\/s of 6100 tokens in, 50 out/);
  const missing = await runCommand([...args, join(folder, 'none.db')]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /there is no ledger at .*none\.db.*--ledger FILE/);
});

test('what the ledger tells of the upstreams is shown', async t => {
  const { db } = await writeLedger(t);
  const config = join(import.meta.dirname, '../../../../examples/entrepot.yaml');
  const args = ['what-if', 'fit', '--config', config, '--ledger', db];
  const { code, stdout, stderr } = await runCommand(args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /azure-gpt +1\d\d ms/);
  assert.match(stdout, /as in \d+ answers of the ledger/);
  const json = JSON.parse((await runCommand([...args, '--json'])).stdout);
  assert.ok(json['azure-gpt'].latency.baseMs.median < 150);
});

test('a file that cannot be written is told', async t => {
  const { db, folder } = await writeLedger(t);
  writeFileSync(join(folder, 'file'), '');
  const file = join(folder, 'file', 'requests.parquet');
  const { code, stderr } = await runCommand(['ledger', 'export', file, '--db', db]);
  assert.equal(code, 3);
  assert.match(stderr, /requests\.parquet cannot be written/);
  assert.equal((await runCommand(['ledger', 'export', 'a.csv', '--db', db])).code, 2);
});
