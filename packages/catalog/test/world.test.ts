// Proves that the world and the policy of a scenario are read as they are written, and that what is
// wrong with them is named by file, line and field. How: scenarios as text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compose } from '../src/compose.ts';
import { loadScenario } from '../src/load-scenario.ts';
import { CatalogError } from '../src/problem.ts';
import { sinceStart, wholeTraffic, windowsMeet } from '../src/window.ts';
import { committedCatalog } from './committed.ts';

const head = ['id: test', 'title: A test', 'source: hypothetical', 'seenOn: 2026-05-05'].join('\n');

function scenario(text: string) {
  return loadScenario({ path: 'scenarios/test.yaml', text: `${head}\n${text}` });
}

test('an outage is read with its window, share, kinds and recovery', () => {
  const { outages } = scenario(`
world:
  outages:
    - match: { cloud: openai }
      from: 10m
      lasts: 4h22m
      errorShare: 0.25
      kinds: [refused, overloaded]
      slowFactor: [1.5, 3]
      recovery: 90s
      cause: a rollout
    - { match: { region: us-east-1 }, from: 2025-10-20T06:48:00Z, until: 2025-10-20T21:20:00Z }
    - { match: { cloud: azure }, slowFactor: 2 }`).world;
  const [first, second, third] = outages;
  const { place, match, ...rest } = first!;
  assert.deepEqual([place.line, match], [8, { cloud: 'openai' }]);
  assert.deepEqual(rest, {
    window: { clock: 'since-start', fromMs: 600_000, untilMs: 600_000 + 15_720_000 },
    errorShare: { least: 0.25, most: 0.25 },
    kinds: ['refused', 'overloaded'],
    slowFactor: { least: 1.5, most: 3 },
    recoveryMs: 90_000,
    cause: 'a rollout',
  });
  const day = Date.parse('2025-10-20');
  assert.deepEqual(second?.window, {
    clock: 'unix',
    fromMs: day + 24_480_000,
    untilMs: day + 76_800_000,
  });
  assert.deepEqual(second?.errorShare, { least: 0, most: 1 }, 'unknown is the whole range');
  assert.deepEqual(second?.kinds, ['server-error']);
  assert.deepEqual(third?.errorShare, { least: 0, most: 0 }, 'slow is not failing');
  assert.deepEqual(third?.window.untilMs, Number.POSITIVE_INFINITY);
});

test('a window of the calendar is none in traffic without dates', () => {
  const unix = { clock: 'unix', fromMs: 5000, untilMs: 9000 } as const;
  assert.equal(sinceStart(unix, null), null);
  assert.deepEqual(sinceStart(unix, 4000), { clock: 'since-start', fromMs: 1000, untilMs: 5000 });
  assert(!windowsMeet(unix, { ...unix, fromMs: 9000, untilMs: 9001 }));
  assert(windowsMeet(unix, { ...unix, fromMs: 8999, untilMs: 9001 }));
});

test('what is bought, what clouds charge, how they count and how much traffic there is', () => {
  const { world } = scenario(`
world:
  limits:
    - { match: { vendor: openai }, factor: 0.5 }
    - { match: { cloud: aws }, from: 0s, lasts: 1d, tokensPerMinute: 200000 }
  latency:
    - { match: { cloud: google }, ttftFactor: 0.8 }
  provisioned:
    - match: { id: azure-openai/global/openai/gpt-5 }
      units: 15
      usdPerUnitHour: 0.356
      inputTokensPerMinutePerUnit: 4750
      whenFull: queue
  commitments:
    - { match: { cloud: aws }, usdPerHour: 2.5, discountPercent: 20 }
  switching:
    - { cloud: aws, storedGib: 1024, usdPerGib: 0.09 }
  egress:
    - { cloud: aws, until: 2027-01-12, usdPerGib: 0.09 }
  mergers:
    - clouds: [aws, openai]
  traffic:
    requestsFactor: 2
    mix: { chat: 0.25, code: 0.75 }`);
  const [half, day] = world.limits;
  assert.deepEqual([half?.factor, half?.tokensPerMinute], [0.5, null]);
  assert.deepEqual([day?.factor, day?.tokensPerMinute], [null, 200_000]);
  assert.deepEqual([day?.window.fromMs, day?.window.untilMs], [0, 86_400_000]);
  assert.deepEqual([world.latency[0]?.ttftFactor, world.latency[0]?.tokenTimeFactor], [0.8, 1]);
  const bought = world.provisioned[0];
  assert.deepEqual(
    [bought?.units, bought?.nanoUsdPerUnitHour, bought?.outputTokenWeight, bought?.whenFull],
    [15, 356_000_000, null, 'queue'],
  );
  assert.equal(world.commitments[0]?.nanoUsdPerHour, 2_500_000_000);
  assert.equal(world.switching[0]?.nanoUsdPerGib, 90_000_000);
  assert.deepEqual(world.switching[0]?.window, wholeTraffic);
  assert.deepEqual(world.egress[0]?.cloud, 'aws');
  assert.deepEqual(world.egress[0]?.window.untilMs, Date.parse('2027-01-12'));
  assert.deepEqual(world.mergers[0]?.clouds, ['aws', 'openai']);
  const [traffic] = world.traffic;
  assert.deepEqual([traffic?.requestsFactor, traffic?.outputTokensFactor], [2, 1]);
  assert.deepEqual(Object.fromEntries(traffic?.mix ?? []), { chat: 0.25, code: 0.75 });
});

test('a policy edits what it names: absent leaves, null lifts', () => {
  const { policy } = scenario(`
policy:
  objective: cost
  constraints: { maxShare: 0.6, residency: null, maxInputUsdPerMtok: 2.5 }
  routes:
    chat: { constraints: { residency: [eu], minQuality: 0.8 } }`);
  assert.equal(policy.all?.objective, 'cost');
  assert.deepEqual(policy.all?.constraints, {
    maxShare: 0.6,
    residency: null,
    maxInputPicoUsd: 2_500_000,
  });
  const chat = policy.routes.get('chat');
  assert.deepEqual(
    [chat?.objective, chat?.constraints],
    [undefined, { residency: ['eu'], minQuality: 0.8 }],
  );
  assert.equal(scenario('policy: { routes: { chat: { objective: latency } } }').policy.all, null);
});

const wrong: readonly [string, string, number, string, RegExp][] = [
  ['an unknown list', 'world: { outage: [] }', 1, 'world.outage', /unknown field/],
  ['a list that is none', 'world:\n  limits: 5', 6, 'world.limits', /must be a list/],
  [
    'an unknown field in an entry',
    'world:\n  outages:\n    - { match: { cloud: aws }, errorRate: 1 }',
    7,
    'world.outages[0].errorRate',
    /unknown field/,
  ],
  [
    'a share above 1',
    'world:\n  outages:\n    - { match: { cloud: aws }, errorShare: 25 }',
    7,
    'world.outages[0].errorShare',
    /from 0 to 1/,
  ],
  [
    'a kind that is none',
    'world:\n  outages:\n    - { match: { cloud: aws }, kinds: [slow] }',
    7,
    'world.outages[0].kinds[0]',
    /must be one of refused/,
  ],
  [
    'a time that is none',
    'world:\n  outages:\n    - { match: { cloud: aws }, from: tomorrow }',
    7,
    'world.outages[0].from',
    /a duration since the traffic began/,
  ],
  [
    'a duration beside a moment',
    'world:\n  outages:\n    - { match: { cloud: aws }, from: 10m, until: 2026-01-01 }',
    7,
    'world.outages[0].until',
    /as from is/,
  ],
  [
    'a factor beside a number',
    'world:\n  limits:\n    - { match: { cloud: aws }, factor: 2, requestsPerMinute: 5 }',
    7,
    'world.limits[0].factor',
    /must stand alone/,
  ],
  [
    'a merger of one',
    'world:\n  mergers:\n    - { clouds: [aws] }',
    7,
    'world.mergers[0].clouds',
    /two clouds/,
  ],
  [
    'a mix that is not whole',
    'world:\n  traffic:\n    mix: { a: 0.5, b: 0.4 }',
    7,
    'world.traffic.mix',
    /add up to 1, not 0.9/,
  ],
  [
    'an objective that is none',
    'policy:\n  objective: cheap',
    6,
    'policy.objective',
    /must be one of cost/,
  ],
  [
    'a share of spend above 1',
    'policy:\n  constraints: { maxShare: 60 }',
    6,
    'policy.constraints.maxShare',
    /fraction up to 1/,
  ],
];

for (const [what, text, line, field, message] of wrong) {
  test(`${what} is named by file, line and field`, () => {
    assert.throws(
      () => scenario(text),
      (error: unknown) => {
        assert(error instanceof CatalogError);
        assert.equal(error.problems.length, 1, error.message);
        const [problem] = error.problems;
        assert.deepEqual(
          [problem?.file, problem?.line, problem?.field],
          ['scenarios/test.yaml', line, field],
        );
        assert.match(problem!.message, message);
        return true;
      },
    );
  });
}

test('the scenarios in docs/scenarios.md are read, and what they say can be laid over the catalog', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/scenarios.md'), 'utf8');
  const blocks = [...page.matchAll(/^```yml\n([\s\S]*?)^```$/gm)];
  assert.equal(blocks.length, 3);
  for (const [, text = ''] of blocks) {
    compose(committedCatalog(), [loadScenario({ path: 'docs/scenarios.md', text })]);
  }
});
