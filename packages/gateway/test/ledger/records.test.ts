// Proves that a request has exactly one record with all that was known of it, whatever comes twice
// or in odd order. How: reserves and settles through a real ledger file and reads it back.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Entry } from '../../src/ledger/entry.ts';
import type { LedgerRecord } from '../../src/ledger/ledger-record.ts';
import { type OpenLedger, openLedger } from '../../src/ledger/open-ledger.ts';
import { type LedgerReader, readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, refusedEntry, reservation, sampleAttempt, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
let ledger: OpenLedger;
let reader: LedgerReader;

before(async () => {
  const path = join(folder, 'new', 'ledger.db');
  ledger = await openLedger({ path, mode: 'durable' });
  reader = readLedger(path);
});

after(async () => {
  await reader.close();
  await ledger.close();
  removeFolder();
});

async function record(requestId: string): Promise<LedgerRecord> {
  const found = (await Array.fromAsync(reader.tail({ limit: 100_000 }))).filter(
    r => r.requestId === requestId,
  );
  assert.equal(found.length, 1, `records of ${requestId}`);
  return found[0]!;
}

test('a reservation is readable by others as soon as reserve() resolves', async () => {
  await ledger.reserve(reservation('seen'));
  const row = await record('seen');
  assert.equal(row.state, 'open');
  assert.equal(row.reservedNanoUsd, 9_000);
  assert.equal(row.outcome, null);
  assert.equal(row.chargeNanoUsd, null);
  ledger.settle(entry('seen'));
});

test('the entry replaces the reservation in the same record', async () => {
  await ledger.reserve(reservation('pair'));
  ledger.settle(entry('pair', { attempts: [sampleAttempt, { ...sampleAttempt, n: 2 }] }));
  await ledger.flush();
  const row = await record('pair');
  assert.equal(row.state, 'settled');
  assert.equal(row.outcome, 'ok');
  assert.equal(row.attempts.length, 2);
});

test('a request refused before an upstream has a record without a reservation', async () => {
  ledger.settle(refusedEntry('refused'));
  await ledger.flush();
  const row = await record('refused');
  assert.equal(row.outcome, 'refused');
  assert.equal(row.chargeNanoUsd, null);
  assert.deepEqual(row.attempts, []);
});

test('a second entry for a request is counted and changes nothing', async () => {
  const { duplicates } = ledger.stats();
  await ledger.reserve(reservation('twice'));
  ledger.settle(entry('twice', { chargeNanoUsd: 1 }));
  const other = { ...sampleAttempt, n: 2 };
  ledger.settle(entry('twice', { chargeNanoUsd: 2, attempts: [sampleAttempt, other] }));
  await ledger.flush();
  const row = await record('twice');
  assert.equal(row.chargeNanoUsd, 1);
  assert.equal(row.attempts.length, 1);
  assert.equal(ledger.stats().duplicates, duplicates + 1);
});

test('a reservation under an id that is taken is refused', async () => {
  await ledger.reserve(reservation('taken'));
  const second = ledger.reserve(reservation('taken', { key: 'team-b' }));
  const third = ledger.reserve(reservation('free'));
  await assert.rejects(second, { name: 'LedgerError', code: 'ledger_row' });
  await third;
  assert.equal((await record('taken')).key, 'team-a');
  for (const id of ['taken', 'free']) ledger.settle(entry(id));
});

test('a value that cannot be stored costs its own record only, never the ledger', async () => {
  const { lost } = ledger.stats();
  const broken = reservation('broken', { key: { not: 'text' } as unknown as string });
  const good = ledger.reserve(reservation('good'));
  await assert.rejects(ledger.reserve(broken), { code: 'ledger_row' });
  await good;
  ledger.settle(entry('broken', { key: undefined as unknown as string }));
  ledger.settle(entry('good'));
  await ledger.flush();
  assert.equal((await record('good')).outcome, 'ok');
  assert.equal(ledger.stats().lost, lost + 1);
});

test('an amount that is no money is never stored as one', async () => {
  for (const reservedNanoUsd of [1.5, Number.NaN, -1, 2 ** 60]) {
    const reserved = ledger.reserve(reservation('fraction', { reservedNanoUsd }));
    await assert.rejects(reserved, { code: 'ledger_row' });
  }
  ledger.settle(entry('fraction', { chargeNanoUsd: 0.1 }));
  await ledger.flush();
  assert.equal((await record('fraction')).chargeNanoUsd, null);
  assert.equal(ledger.stats().invalidCharges, 1);
});

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const count = fc.option(fc.maxSafeNat());
const duration = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }).map(ms => ms + 0));
const status = fc.integer({ min: 100, max: 599 });
const plain = { noNullPrototype: true } as const;
const anyEntry = fc.record<Entry>(
  {
    requestId: fc.uuid(),
    startedAtMs: fc.maxSafeNat(),
    key: text,
    route: text,
    dialect: text,
    stream: fc.boolean(),
    reservedNanoUsd: count,
    outcome: fc.constantFrom('ok', 'failed', 'truncated', 'client_closed'),
    status,
    error: fc.option(text),
    ttftMs: duration,
    totalMs: duration.map(ms => ms ?? 1),
    addedMs: duration,
    deployment: fc.option(text),
    offer: fc.option(text),
    cloud: fc.option(text),
    model: fc.option(text),
    inputTokens: count,
    cachedReadTokens: count,
    cacheWriteTokens: count,
    outputTokens: count,
    reasoningTokens: count,
    usageSource: fc.constantFrom('provider', 'estimated', null),
    chargeNanoUsd: count,
    lost: fc.option(text),
    attempts: fc
      .array(
        fc.record(
          {
            n: fc.constant(0),
            deployment: text,
            offer: text,
            cloud: text,
            model: text,
            failure: fc.option(text),
            status: fc.option(status),
            upstreamRequestId: fc.option(text),
            startedAtMs: fc.maxSafeNat(),
            ttftMs: duration,
            totalMs: duration.map(ms => ms ?? 1),
          },
          plain,
        ),
        { maxLength: 3 },
      )
      .map(list => list.map((attempt, i) => ({ ...attempt, n: i + 1 }))),
  },
  plain,
);

test('every field of an entry is read back as it was given', async () => {
  const entries = fc.sample(anyEntry, { numRuns: 300, seed: 7 });
  await Promise.all(entries.map(e => ledger.reserve(e)));
  for (const e of entries) ledger.settle(e);
  await ledger.flush();
  const rows = await Array.fromAsync(reader.tail({ limit: 100_000 }));
  const byId = new Map(rows.map(row => [row.requestId, row]));
  for (const e of entries) {
    const { state, settledAtMs, recoveredAtMs, ...read } = byId.get(e.requestId)!;
    assert.deepEqual(read, e);
    assert.equal(state, 'settled');
    assert.ok(settledAtMs !== null);
    assert.equal(recoveredAtMs, null);
  }
});
