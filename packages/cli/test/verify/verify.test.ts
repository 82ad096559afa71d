// Proves that a prediction is compared with what the ledger showed since: by the request, of the
// time that is meant, with the exit code of its truth. How: a ledger that is written here, and a
// report of round numbers.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Entry } from '@entrepot/gateway/ledger/entry';
import { openLedger } from '@entrepot/gateway/ledger/open-ledger';
import { promote } from '../../src/commands/policy/promote.ts';
import { verify } from '../../src/commands/what-if/verify.ts';
import { reportedCase, reportOf } from '../promoted/report.ts';
import { run } from '../run.ts';

const startMs = Date.UTC(2026, 10, 2);

/** 1 cent, 300 ms to the first token, at OpenAI. */
const answer: Omit<Entry, 'requestId' | 'startedAtMs'> = {
  key: 'team-a',
  route: 'chat',
  dialect: 'openai-chat',
  stream: true,
  reservedNanoUsd: 20_000_000,
  outcome: 'ok',
  status: 200,
  error: null,
  ttftMs: 300,
  totalMs: 3000,
  addedMs: 1,
  deployment: 'mini',
  offer: 'openai-api/global/openai/gpt-5.4-mini',
  cloud: 'openai',
  model: 'openai/gpt-5.4-mini',
  inputTokens: 1000,
  cachedReadTokens: 0,
  cacheWriteTokens: null,
  outputTokens: 50,
  reasoningTokens: null,
  usageSource: 'provider',
  chargeNanoUsd: 10_000_000,
  lost: null,
  attempts: [],
};

interface Place {
  readonly folder: string;
  readonly db: string;
  readonly report: string;
}

async function place(t: TestContext, entries: readonly Partial<Entry>[]): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-verify-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const db = join(folder, 'ledger.db');
  const ledger = await openLedger({ path: db, mode: 'durable' });
  for (const [i, changes] of entries.entries()) {
    const startedAtMs = startMs + i * 1000;
    ledger.settle({ ...answer, requestId: `req_${i}`, startedAtMs, ...changes });
  }
  await ledger.close();
  const report = join(folder, 'report.json');
  writeFileSync(report, JSON.stringify(reportOf(reportedCase('one'))));
  return { folder, db, report };
}

interface Shown {
  readonly requests: number;
  readonly figures: readonly {
    readonly figure: string;
    readonly predicted: number | null;
    readonly came: number | null;
    readonly isInside: boolean | null;
  }[];
}

async function verified(...args: string[]): Promise<{ code: number; shown: Shown }> {
  const { code, text } = await run(verify, ...args, '--json');
  return { code, shown: JSON.parse(text) as Shown };
}

test('a prediction that came true is inside its intervals, and exits with 0', async t => {
  const { db, report } = await place(t, Array(200).fill({}));
  const { code, shown } = await verified('--report', report, '--db', db);
  assert.deepEqual([code, shown.requests], [0, 200]);
  const came = (name: string) => shown.figures.find(({ figure }) => figure === name);
  // 10 USD for 1,000 requests were predicted, 9 to 11; 2 USD for 200 came.
  assert.deepEqual(came('cost of 1,000 requests'), {
    figure: 'cost of 1,000 requests',
    predicted: 10,
    interval: [9, 11],
    came: 10,
    error: 0,
    isInside: true,
  });
  assert.equal(came('availability')?.came, 1);
  assert(Math.abs(came('TTFT p50')!.came! - 300) < 3);
  assert.equal(came('spend at openai')?.came, 1);
});

test('a prediction that did not is told, figure by figure, and exits with 1', async t => {
  const dear = { chargeNanoUsd: 15_000_000, cloud: 'aws', ttftMs: 500 };
  const failed = { outcome: 'failed', chargeNanoUsd: null, status: 502 } as const;
  const { db, report } = await place(t, [
    ...Array(90).fill(dear),
    ...Array(10).fill(failed),
    ...Array(50).fill({ outcome: 'client_closed' }),
  ]);
  const { code, text, notes } = await run(verify, '--report', report, '--db', db);
  assert.equal(code, 1);
  assert.match(text, /^one, against 100 requests of the ledger/);
  assert.match(
    text,
    /cost of 1,000 requests +\$10\.00 \(\$9\.00 to \$11\.00\) +\$13\.50 +\+35 % +OUTSIDE/,
  );
  assert.match(text, /availability +99\.9 % \(99 % to 100 %\) +90 % .*OUTSIDE/);
  assert.match(text, /spend at aws +0 % +100 %/);
  assert.match(notes, /0 of 3 figures/);
});

test('only requests of the time that is meant count', async t => {
  const { db, report } = await place(t, [
    ...Array(50).fill({ chargeNanoUsd: 0 }),
    ...Array(50).fill({}),
  ]);
  const since = new Date(startMs + 50_000).toISOString();
  const until = new Date(startMs + 60_000).toISOString();
  const args = ['--report', report, '--db', db, '--since', since, '--until', until];
  const { shown } = await verified(...args);
  assert.equal(shown.requests, 10);
  assert.equal(shown.figures.find(f => f.figure === 'cost of 1,000 requests')?.came, 10);
});

test('without a report it is the policy in force, from its promotion on', async t => {
  const soon = Date.now() + 60_000;
  const late = Array.from({ length: 20 }, (_, i) => ({ startedAtMs: soon + i }));
  const { folder, db, report } = await place(t, [...Array(30).fill({ chargeNanoUsd: 1 }), ...late]);
  const config = join(folder, 'entrepot.yaml');
  writeFileSync(config, 'auth: none\n');
  const named = ['--config', config, '--db', db];
  await assert.rejects(run(verify, ...named), /no policy is promoted/);
  await run(promote, 'lock-in-cap', '--report', report, '--config', config);
  const { shown } = await verified(...named, '--until', new Date(soon + 1000).toISOString());
  assert.equal(shown.requests, 20);
});
