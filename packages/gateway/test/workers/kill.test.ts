// Workers over one ledger in durable mode are killed with SIGKILL under load. Every request that an
// upstream or a caller saw has exactly one record, none is left open by the one that takes the
// place of the dead, and what was counted never shrinks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, chat } from '../answers.ts';
import { key } from '../rig.ts';
import { FleetRig } from './fleet-rig.ts';

const kills = 6;
const callers = 16;

interface Seen {
  readonly answered: Set<string>;
  asked: number;
  over: boolean;
}

/** One caller that asks on, also after a connection has broken. */
async function keepAsking(url: string, n: number, seen: Seen): Promise<void> {
  while (!seen.over) {
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
    }
  }
}

test('kill -9 of a worker under load loses no request and doubles none', async () => {
  const rig = await FleetRig.start();
  const { upstream } = rig;
  const seen: Seen = { answered: new Set(), asked: 0, over: false };
  try {
    const asking = Array.from({ length: callers }, (_, n) => keepAsking(rig.url, n, seen));
    let counted = 0;
    for (let round = 0; round < kills; round++) {
      const killAt = upstream.received.length + 50 + round * 7;
      await new Promise<void>(resolve => {
        upstream.script = (received, response, request) => {
          chat(received, response, request);
          if (upstream.received.length >= killAt) resolve();
        };
      });
      const now = await rig.metric('entrepot_requests_total');
      assert.ok(now > counted, `${now} is not more than ${counted}`);
      counted = now;
      process.kill(rig.pids[round % rig.pids.length]!, 'SIGKILL');
      while ((await rig.metric('entrepot_worker_restarts')) <= round) {
        assert.ok((await rig.metric('entrepot_requests_total')) >= counted, 'none is forgotten');
      }
    }
    while ((await rig.metric('entrepot_workers')) < 2);
    seen.over = true;
    await Promise.all(asking);
    assert.equal(await rig.metric('entrepot_ledger_duplicates'), 0);
    assert.equal(await rig.metric('entrepot_ledger_lost'), 0);
    await rig.fleet.stop();

    const records = await rig.records();
    const reader = rig.reader();
    const check = await reader.check(seen.answered);
    await reader.close();
    const ids = new Set(records.map(r => r.requestId));
    assert.equal(ids.size, records.length, 'no record stands twice');
    assert.equal(check.missing, 0, 'every answered request has its record');
    assert.ok(records.length >= upstream.received.length, 'so has every call of the upstream');
    assert.ok(records.length <= seen.asked, 'no record without a request');
    assert.ok(
      records.every(r => r.outcome !== null),
      'nothing is left open',
    );
    const unknown = records.filter(r => r.outcome === 'unknown');
    assert.ok(unknown.length > 0, 'some were under way when their worker died');
    assert.ok(unknown.length <= kills * callers);
    assert.equal(rig.notes.length, kills, rig.notes.join('\n'));
  } finally {
    seen.over = true;
    await rig.close();
  }
});
