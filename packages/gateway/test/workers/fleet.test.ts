// Workers are one gateway: one port, one sum of what they count, one ledger, kept answers that any
// of them has; and each takes both versions of HTTP. Real processes before a scripted upstream.

import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { Fleet } from '../../src/workers/fleet.ts';
import { beginStream } from '../answers.ts';
import { key } from '../rig.ts';
import { FleetRig } from './fleet-rig.ts';

const asks = 40;

for (const reusePort of [true, false]) {
  const how = reusePort ? 'each with a port of its own' : 'with one shared handle';
  test(`workers ${how} count together, and write one record for each request`, async () => {
    const rig = await FleetRig.start({ size: 3, reusePort });
    try {
      const responses = await Promise.all(
        Array.from({ length: asks }, (_, n) => rig.ask(n % 2 > 0)),
      );
      const ids = new Set<string>();
      for (const response of responses) {
        assert.equal(response.status, 200);
        await response.text();
        ids.add(response.headers.get('x-request-id')!);
      }
      assert.equal(ids.size, asks, 'ids are unique over all');
      // An id begins with what is its worker's own.
      const workers = new Set([...ids].map(id => id.slice(0, 20)));
      if (reusePort) assert.ok(workers.size > 1, 'more than one worker has served');
      for (let scrape = 0; scrape < 5; scrape++) {
        assert.equal(await rig.metric('entrepot_requests_total'), asks);
        assert.equal(await rig.metric('entrepot_request_seconds_count'), asks);
        assert.equal(await rig.metric('entrepot_workers'), 3);
      }
      await rig.fleet.stop();
      const records = await rig.records();
      assert.deepEqual(new Set(records.map(r => r.requestId)), ids);
      assert.equal(records.length, asks);
      assert.deepEqual(rig.notes, []);
    } finally {
      await rig.close();
    }
  });
}

test('an answer that one worker has kept is known to all', async () => {
  const rig = await FleetRig.start({ rig: { responses: { store: 'gateway' } } });
  try {
    const asked = await rig.post('/v1/responses', { model: 'any', input: 'What is in port?' });
    const { id } = (await asked.json()) as { id: string };
    assert.equal(asked.status, 200);
    for (let n = 0; n < 12; n++) {
      const response = await fetch(`${rig.url}/v1/responses/${id}`, {
        headers: { authorization: `Bearer ${key}`, connection: 'close' },
      });
      assert.equal(response.status, 200, await response.text());
    }
  } finally {
    await rig.close();
  }
});

test('workers take HTTP/2', async () => {
  const rig = await FleetRig.start();
  try {
    for (let n = 0; n < 6; n++) {
      const session = connect(rig.url);
      const stream = session.request({ ':path': '/readyz' });
      const [headers] = await Promise.all([
        new Promise<Record<string, unknown>>(resolve => stream.once('response', resolve)),
        stream.resume().end(),
      ]);
      assert.equal(headers[':status'], 200);
      await new Promise<void>(resolve => session.close(resolve));
    }
  } finally {
    await rig.close();
  }
});

test('what is open finishes when the fleet stops', async () => {
  const rig = await FleetRig.start();
  try {
    const opened = Promise.withResolvers<() => void>();
    rig.upstream.script = (_received, response) => {
      beginStream(response);
      response.write(
        'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"A ship"},"finish_reason":null}]}\n\n',
      );
      opened.resolve(() =>
        response.end(
          'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
        ),
      );
    };
    const response = await rig.ask(true);
    const finish = await opened.promise;
    const stopped = rig.fleet.stop();
    finish();
    assert.match(await response.text(), /\[DONE\]/);
    await stopped;
    const [record, ...more] = await rig.records();
    assert.deepEqual([record?.outcome, more.length], ['ok', 0]);
    assert.deepEqual(rig.pids, []);
  } finally {
    await rig.close();
  }
});

test('a port that is taken is told, and no worker is started', async () => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const script = new URL('./worker.ts', import.meta.url);
  const note = (): void => {};
  const where = { host: '127.0.0.1', port };
  await assert.rejects(
    Fleet.start({ script, size: 2, ...where, input: null, spendMs: 1_000, stopMs: 5_000, note }),
    { code: 'EADDRINUSE' },
  );
  await new Promise(resolve => other.close(resolve));
});
