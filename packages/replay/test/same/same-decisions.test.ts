// Proves that gateway and replay take the same decisions on the same inputs. Requests go through a
// real gateway to simulated clouds that fail in many ways, one after another and many at once; what
// its engine was asked and decided is written down. Then the replay's driver plays the same
// arrivals, and the same ends of attempts, over an engine of its own: both logs and what both
// engines remember must be equal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Objective } from '@entrepot/engine/deployment';
import { seeded } from '../../../engine/test/fleet.ts';
import { type Decision, inMicroseconds } from './decisions.ts';
import { type Call, Live, type LiveOptions } from './live.ts';
import { playAgain } from './play-again.ts';

type Faults = readonly (readonly [percent: number, NonNullable<Call['faults']>])[];

const engine: SettingsOverrides = {
  deadlines: { firstEventMs: 9_000, stallMs: 5_000, totalMs: 120_000 },
  circuit: { openMs: 4_000, slowStartMs: 6_000 },
  spend: { minCharges: 5 },
};
const objectives = ['priority', 'cost', 'balanced', 'latency'] satisfies Objective[];

/** What is wrong from the request on that stands after so many percent of all. */
const faults: Faults = [
  [8, ['openai', [{ kind: 'server-error', share: 0.5 }]]],
  [20, ['azure-openai', [{ kind: 'rate-limit', retryAfterMs: 3_000 }]]],
  [28, ['openai', [{ kind: 'server-error' }]]],
  [42, ['anthropic', [{ kind: 'overloaded' }]]],
  [50, ['openai', []]],
  [55, ['azure-openai', [{ kind: 'stall', share: 0.3 }]]],
  [62, ['anthropic', [{ kind: 'cut', afterEvents: 0 }]]],
  [
    67,
    [
      'openai',
      [
        { kind: 'cut', share: 0.5 },
        { kind: 'in-stream-error', share: 0.3 },
      ],
    ],
  ],
  [80, ['azure-openai', [{ kind: 'refuse' }]]],
  [87, ['azure-openai', []]],
  [92, ['anthropic', []]],
];
/** Not with many at once: in the gateway it ends a few steps later than others of its moment. */
const stall: Faults = [[75, ['openai', [{ kind: 'stall-mid-stream', count: 2 }]]]];

for (const objective of objectives) {
  test(`the same decisions where ${objective} is what counts`, async () => {
    const options = { objective, maxShare: 0.6, engine, seed: 11 };
    const { decisions } = await playTwice(options, calls(60, 900, [...faults, ...stall]), 1);
    const attempts = decisions.filter(d => d.call === 'begin').length;
    assert.ok(attempts > 65, `something went wrong, and was mended: ${attempts} attempts`);
  });
}

test('the same decisions on many requests at once', async () => {
  const seen = new Set<string>();
  for (const [i, objective] of objectives.entries()) {
    const options = { objective, maxShare: 0.6, engine, seed: 12 + i, azureRequestsPerMinute: 6 };
    const live = await playTwice(options, calls(200, 300, faults), 24);
    assert.ok(live.mostAtOnce >= 16, `${live.mostAtOnce} attempts at once`);
    for (const one of whatHappened(live.decisions)) seen.add(one);
    for (const { health } of Object.values(live.engine.snapshot().deployments)) {
      if (health.circuit.opens > 0) seen.add('opened');
      if (health.circuit.closedAtMs !== null) seen.add('closed by a probe');
    }
  }
  const wanted = ['wait', 'again', 'lock-in cap', 'half-open', 'rate-limit', 'first-byte-timeout'];
  for (const one of [...wanted, 'opened', 'closed by a probe']) assert.ok(seen.has(one), one);
});

function* whatHappened(decisions: readonly Decision[]): Iterable<string> {
  const begun = new Set<string>();
  for (const decision of decisions) {
    if (decision.call === 'next') yield decision.step.type;
    if (decision.call === 'observe') yield decision.outcome.failure?.kind ?? 'answered';
    if (decision.call === 'choose') {
      yield* ['lock-in cap', 'half-open'].filter(word =>
        decision.candidates.some(candidate => candidate.includes(word)),
      );
    }
    if (decision.call !== 'begin') continue;
    const attempt = `${decision.request} ${decision.deployment}`;
    if (begun.has(attempt)) yield 'again';
    begun.add(attempt);
  }
}

/** Live and again; gives the former. */
async function playTwice(options: LiveOptions, asked: Call[], atOnce: number): Promise<Live> {
  const live = await Live.start(options);
  try {
    await live.play(asked, atOnce);
  } finally {
    await live.close();
  }
  const again = playAgain(live.decisions, live.routes, engine, options.seed);
  const played = inMicroseconds(again.log);
  for (const [i, decision] of inMicroseconds(live.decisions).entries()) {
    assert.deepEqual(played[i], decision, `decision ${i}`);
  }
  assert.equal(played.length, live.decisions.length);
  assert.deepEqual(inMicroseconds(again.engine.snapshot()), inMicroseconds(live.engine.snapshot()));
  return live;
}

function calls(count: number, mostMsBetween: number, wrong: Faults): Call[] {
  const random = seeded(5);
  return Array.from({ length: count }, (_, i): Call => {
    const afterMs = Math.floor(random() * mostMsBetween);
    const content = `${'word '.repeat(Math.floor(random() * 300))}[[simulate output=40]]`;
    const body = { stream: random() < 0.7, messages: [{ role: 'user', content }] };
    const change = wrong.find(([percent]) => Math.round((percent * count) / 100) === i)?.[1];
    return change === undefined ? { afterMs, body } : { afterMs, body, faults: change };
  });
}
