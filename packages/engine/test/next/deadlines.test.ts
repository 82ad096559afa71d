// Proves how long an attempt may take: the full time as the last resort, and a few seconds, by what
// was measured, while a substitute stands ready.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deadlines } from '../../src/choice.ts';
import { createEngine } from '../../src/create-engine.ts';
import type { SettingsOverrides } from '../../src/defaults.ts';
import type { Engine } from '../../src/engine.ts';
import type { Intent } from '../../src/intent.ts';
import type { Attempted } from '../../src/outcome.ts';
import { constant, deployment, failed, intent, route, succeeded } from '../fleet.ts';

const a = deployment('a');
const b = deployment('b', {}, { priority: 1 });
const thinker = deployment('a', { features: ['streaming', 'reasoning'] });

function deadlines(
  engine: Engine,
  changes: Partial<Intent> = {},
  tried: readonly Attempted[] = [],
): Deadlines {
  const choice = engine.choose(intent(changes), 1000, constant(0.5));
  const step = engine.next(choice, tried, 1000, constant(0.5));
  assert.ok(step.type === 'try');
  return step.deadlines;
}

function measured(engine: Engine, ttftMs: number, samples = 50): void {
  for (let i = 0; i < samples; i++) {
    engine.begin('a', 500);
    engine.observe(succeeded('a', { ttftMs, totalMs: ttftMs + 3_000 }), 500);
  }
}

function engineOf(deployments: readonly (typeof a)[], overrides: SettingsOverrides = {}): Engine {
  return createEngine({ routes: [route(deployments)], ...overrides });
}

test('the last resort has 5 s to connect, 30 s to the first event, 60 s of silence, 30 min', () => {
  assert.deepEqual(deadlines(engineOf([a])), {
    connectMs: 5_000,
    firstEventMs: 30_000,
    stallMs: 60_000,
    totalMs: 1_800_000,
    leaveWhenOpen: false,
  });
});

test('models that think have the time of their tokens, up to ten minutes, to the first event', () => {
  const thought = (maxOutputTokens: number | null, features: Intent['features'] = []): number =>
    deadlines(engineOf([thinker]), { maxOutputTokens, features }).firstEventMs;
  assert.equal(thought(null), 600_000);
  assert.equal(thought(null, ['reasoning']), 600_000);
  assert.equal(thought(1_000), 80_000, 'thinking counts among the tokens that were allowed');
});

test('an answer that is not streamed has the time that its tokens need', () => {
  const whole = (maxOutputTokens: number | null): number =>
    deadlines(engineOf([a]), { stream: false, maxOutputTokens }).firstEventMs;
  assert.equal(whole(1_000), 80_000);
  assert.equal(whole(100_000), 600_000);
  assert.equal(whole(null), 600_000, 'up to what the model may: 16,384 tokens');
});

test('with a substitute: 5 x the p99 so far, not under 2 s, and time to read the input', () => {
  const engine = engineOf([a, b]);
  measured(engine, 1_000);
  const { firstEventMs } = deadlines(engine, { inputTokens: 0 });
  assert.ok(firstEventMs >= 5_000 && firstEventMs < 5_500, `${firstEventMs}`);
  assert.equal(deadlines(engine, { inputTokens: 10_000 }).firstEventMs, firstEventMs + 5_000);
  const fast = engineOf([a, b]);
  measured(fast, 50);
  assert.equal(deadlines(fast, { inputTokens: 0 }).firstEventMs, 2_000);
});

test('never more than the full time, and the full time while little is measured', () => {
  const slow = engineOf([a, b]);
  measured(slow, 20_000);
  assert.equal(deadlines(slow).firstEventMs, 30_000);
  const fresh = engineOf([a, b]);
  measured(fresh, 100, 19);
  assert.equal(deadlines(fresh).firstEventMs, 30_000);
});

test('the last of the attempts, and one without a ready substitute, have the full time', () => {
  const engine = engineOf([a, b]);
  measured(engine, 100);
  const failure = { kind: 'reset', retryAfterMs: null } as const;
  const twice = [{ deployment: 'b', failure }];
  assert.equal(deadlines(engine, {}, twice).firstEventMs, 30_000, 'no other is untried');
  const more = ['c', 'd'].map(id => deployment(id, {}, { priority: -1 }));
  const many = engineOf([a, b, ...more]);
  measured(many, 100);
  const spent = more.map(one => ({ deployment: one.id, failure }));
  assert.equal(deadlines(many, {}, spent).firstEventMs, 30_000, 'no attempt is left after it');
  for (let i = 0; i < 5; i++) engine.observe(failed('b', 'reset'), 900);
  assert.equal(deadlines(engine).firstEventMs, 30_000, 'the substitute rests');
});

test('a caller that asked for reasoning is given two minutes even with a substitute', () => {
  const other = { ...thinker, id: 'b', priority: 1, offer: { ...thinker.offer, id: 'b' } };
  const engine = engineOf([thinker, other]);
  measured(engine, 300);
  const asked: Partial<Intent> = { inputTokens: 0, maxOutputTokens: null };
  assert.equal(deadlines(engine, { ...asked, features: ['reasoning'] }).firstEventMs, 120_000);
  assert.equal(deadlines(engine, asked).firstEventMs, 2_000);
});

test('an answer that is not streamed is compared with whole answers', () => {
  const engine = engineOf([a, b]);
  assert.equal(deadlines(engine, { stream: false }).firstEventMs, 55_000, 'nothing measured');
  measured(engine, 100);
  const { firstEventMs } = deadlines(engine, { stream: false, inputTokens: 0 });
  assert.ok(firstEventMs >= 15_500 && firstEventMs < 17_500, `${firstEventMs}`);
});

test('every number can be set', () => {
  const engine = engineOf([a, b], {
    deadlines: { connectMs: 50, firstEventMs: 400, stallMs: 300, totalMs: 5_000 },
    patience: { floorMs: 20, prefillMsPerToken: 0 },
  });
  measured(engine, 10);
  const { firstEventMs, ...rest } = deadlines(engine);
  assert.ok(firstEventMs >= 50 && firstEventMs < 55, `${firstEventMs}`);
  assert.deepEqual(rest, {
    connectMs: 50,
    stallMs: 300,
    totalMs: 5_000,
    leaveWhenOpen: true,
  });
});
