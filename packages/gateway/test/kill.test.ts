// A gateway in durable mode is killed with SIGKILL under load, 20 times over one ledger. Afterwards
// every request that an upstream or a caller saw has exactly one record, and none is left open.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { readLedger } from '../src/ledger/read-ledger.ts';
import { ask, chat } from './answers.ts';
import { FakeUpstream, key } from './rig.ts';

const kills = 20;
const callers = 16;

interface Seen {
  readonly answered: Set<string>;
  asked: number;
}

async function start(
  upstreamUrl: string,
  path: string,
): Promise<{ child: ChildProcess; url: string }> {
  const script = join(import.meta.dirname, 'gateway-process.ts');
  const child = spawn(process.execPath, [script, upstreamUrl, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

/** One caller that asks until the gateway is gone. */
async function keepAsking(url: string, n: number, seen: Seen): Promise<void> {
  for (;;) {
    seen.asked++;
    try {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(ask(n % 2 === 0)),
      });
      const id = response.headers.get('x-request-id');
      await response.text();
      assert.equal(response.status, 200);
      seen.answered.add(id!);
    } catch (cause) {
      if (cause instanceof assert.AssertionError) throw cause;
      return;
    }
  }
}

test('kill -9 under load loses no request and doubles none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-kill-'));
  const path = join(folder, 'ledger.db');
  const upstream = new FakeUpstream(chat);
  await upstream.listen();
  const seen: Seen = { answered: new Set(), asked: 0 };
  try {
    for (let round = 0; round < kills; round++) {
      const { child, url } = await start(upstream.url, path);
      const reachedBefore = upstream.received.length;
      const killAt = reachedBefore + 20 + round * 7;
      const reached = new Promise<void>(resolve => {
        upstream.script = (received, response, request) => {
          chat(received, response, request);
          if (upstream.received.length >= killAt) resolve();
        };
      });
      const asking = Array.from({ length: callers }, (_, n) => keepAsking(url, n, seen));
      await reached;
      child.kill('SIGKILL');
      await Promise.all([once(child, 'exit'), ...asking]);
    }
    // Opening closes what the dead left open.
    await (await openLedger({ path, mode: 'durable' })).close();
    const reader = readLedger(path);
    const records = await Array.fromAsync(reader.tail({ limit: 1_000_000 }));
    const check = await reader.check(seen.answered);
    await reader.close();
    const ids = new Set(records.map(r => r.requestId));
    assert.equal(ids.size, records.length, 'no record stands twice');
    assert.equal(check.missing, 0, 'every answered request has its record');
    assert.ok(
      records.length >= upstream.received.length,
      'every call of the upstream has a record',
    );
    assert.ok(records.length <= seen.asked, 'no record without a request');
    assert.ok(
      records.every(r => r.outcome !== null),
      'nothing is left open',
    );
    const unknown = records.filter(r => r.outcome === 'unknown');
    assert.ok(unknown.length > 0, 'some were under way when the process died');
    assert.ok(
      unknown.every(r => r.chargeNanoUsd === r.reservedNanoUsd && r.usageSource === 'estimated'),
    );
  } finally {
    await upstream.close();
    rmSync(folder, { recursive: true });
  }
});
