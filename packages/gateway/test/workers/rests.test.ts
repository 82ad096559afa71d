// What one worker has found resting, the others leave alone: a deployment that answers 429 with a
// retry-after is called by one of them, and no more by any.

import assert from 'node:assert/strict';
import cluster from 'node:cluster';
import { test } from 'node:test';
import type { FromWorker } from '../../src/workers/messages.ts';
import { chat, chatError } from '../answers.ts';
import { FakeUpstream } from '../rig.ts';
import { FleetRig } from './fleet-rig.ts';

function restsTold(): Promise<void> {
  return new Promise(resolve => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      worker!.on('message', (message: FromWorker) => {
        if (message.type === 'rests') resolve();
      });
    }
  });
}

test('a hold that one worker was asked for is kept by all', async () => {
  const busy = new FakeUpstream(chatError(429, { 'retry-after': '60' }));
  const well = new FakeUpstream(chat);
  await Promise.all([busy.listen(), well.listen()]);
  const deployments = [
    { id: 'busy', service: 'openai-api', endpoint: busy.url },
    { id: 'well', service: 'azure-openai', endpoint: well.url },
  ] as const;
  const rig = await FleetRig.start({ size: 4, rig: { deployments } });
  try {
    const told = restsTold();
    assert.equal((await rig.ask()).status, 200);
    assert.equal(busy.received.length, 1);
    await told;
    // A scrape is answered after all have heard: messages go in their order.
    assert.equal(await rig.metric('entrepot_workers'), 4);
    const workers = new Set<string>();
    while (workers.size < 4) {
      const response = await rig.ask();
      assert.equal(response.status, 200);
      workers.add(response.headers.get('x-request-id')!.slice(0, 20));
      await response.text();
    }
    assert.equal(busy.received.length, 1, 'nobody else has called it');
  } finally {
    await Promise.all([rig.close(), busy.close(), well.close()]);
  }
});
