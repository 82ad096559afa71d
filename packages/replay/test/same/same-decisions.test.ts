// Proves that gateway and replay take the same decisions on the same inputs. Requests go through a
// real gateway to simulated clouds that fail in many ways; what its engine was asked and decided is
// written down. Then the replay's driver plays the same arrivals, and the same ends of attempts,
// over an engine of its own: both logs and what both engines remember must be equal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Objective } from '@entrepot/engine/deployment';
import { seeded } from '../../../engine/test/fleet.ts';
import { Live } from './live.ts';
import { playAgain } from './play-again.ts';

const engine: SettingsOverrides = {
  deadlines: { firstEventMs: 9_000, stallMs: 5_000, totalMs: 120_000 },
  circuit: { openMs: 4_000, slowStartMs: 6_000 },
  spend: { minCharges: 5 },
};

/** What is wrong from this request on, and where. */
const faults = new Map([
  [5, ['openai', [{ kind: 'server-error', share: 0.5 }]]],
  [12, ['azure-openai', [{ kind: 'rate-limit', retryAfterMs: 3_000 }]]],
  [17, ['openai', [{ kind: 'server-error' }]]],
  [25, ['anthropic', [{ kind: 'overloaded' }]]],
  [30, ['openai', []]],
  [33, ['azure-openai', [{ kind: 'stall', share: 0.3 }]]],
  [37, ['anthropic', [{ kind: 'cut', afterEvents: 0 }]]],
  [
    40,
    [
      'openai',
      [
        { kind: 'cut', share: 0.5 },
        { kind: 'in-stream-error', share: 0.3 },
      ],
    ],
  ],
  [45, ['openai', [{ kind: 'stall-mid-stream', count: 2 }]]],
  [48, ['azure-openai', [{ kind: 'refuse' }]]],
  [52, ['azure-openai', []]],
  [55, ['anthropic', []]],
] as const);

for (const objective of ['priority', 'cost', 'balanced', 'latency'] satisfies Objective[]) {
  test(`the same decisions where ${objective} is what counts`, async () => {
    const live = await Live.start({ objective, maxShare: 0.6, engine }, 11);
    try {
      await ask(live);
    } finally {
      await live.close();
    }
    const { decisions } = live;
    const calls = decisions.filter(d => d.call === 'begin').length;
    assert.ok(calls > 65, `something went wrong, and was mended: ${calls} attempts`);
    const again = playAgain(decisions, live.routes, engine, seeded(11));
    for (const [i, decision] of decisions.entries()) assert.deepEqual(again.log[i], decision);
    assert.equal(again.log.length, decisions.length);
    assert.deepEqual(again.engine.snapshot(), live.engine.snapshot());
  });
}

async function ask(live: Live): Promise<void> {
  const random = seeded(5);
  for (let i = 0; i < 60; i++) {
    const change = faults.get(i as 5);
    if (change !== undefined) await live.setFaults(change[0], change[1]);
    live.pass(Math.floor(random() * 900));
    const content = `${'word '.repeat(Math.floor(random() * 300))}[[simulate output=40]]`;
    await live.ask({ stream: random() < 0.7, messages: [{ role: 'user', content }] });
  }
}
