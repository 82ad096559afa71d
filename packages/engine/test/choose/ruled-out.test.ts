// Proves which deployments may serve a request, by a table: one row per reason to rule one out,
// with the values just inside and just outside.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offer } from '@entrepot/catalog/offer';
import { createEngine } from '../../src/create-engine.ts';
import type { Constraints, Deployment } from '../../src/deployment.ts';
import type { Intent } from '../../src/intent.ts';
import { UnknownRouteError } from '../../src/unknown-route.ts';
import { constant, deployment, intent, prices, route, succeeded } from '../fleet.ts';

interface Row {
  readonly name: string;
  readonly offer?: Partial<Offer>;
  readonly deployment?: Partial<Deployment>;
  readonly constraints?: Partial<Constraints>;
  readonly intent?: Partial<Intent>;
  /** null: it may serve. */
  readonly because: string | null;
}

const tiers = [
  {
    aboveInputTokens: 200_000,
    inputPicoUsd: 5_000_000,
    outputPicoUsd: 15_000_000,
    cachedReadPicoUsd: null,
    cacheWrite5mPicoUsd: null,
    cacheWrite1hPicoUsd: null,
  },
];

const table: readonly Row[] = [
  { name: 'all it needs is there', intent: { features: ['tools', 'vision'] }, because: null },
  {
    name: 'a feature is missing',
    intent: { features: ['tools', 'audio'] },
    because: 'feature audio',
  },
  {
    name: 'input and output just fit',
    intent: { inputTokens: 127_500, maxOutputTokens: 500 },
    because: null,
  },
  {
    name: 'input and output do not fit',
    intent: { inputTokens: 127_501, maxOutputTokens: 500 },
    because: 'context 128000 tokens, needs 128001',
  },
  {
    name: 'the context is unknown',
    offer: { contextTokens: null },
    intent: { inputTokens: 9_000_000 },
    because: null,
  },
  {
    name: 'it makes embeddings, which are asked for',
    deployment: { operations: ['embed'] },
    intent: { operation: 'embed' },
    because: null,
  },
  {
    name: 'it makes nothing but embeddings',
    deployment: { operations: ['embed'] },
    because: 'does not generate',
  },
  {
    name: 'it makes no embeddings',
    deployment: { operations: ['generate', 'count'] },
    intent: { operation: 'embed' },
    because: 'makes no embeddings',
  },
  {
    name: 'nothing is said of counting',
    intent: { operation: 'count' },
    because: 'has no token counter',
  },
  {
    name: 'a prompt that is too long is only counted',
    deployment: { operations: ['generate', 'count'] },
    intent: { operation: 'count', inputTokens: 9_000_000 },
    because: null,
  },
  {
    name: 'texts that fit one by one are embedded together',
    deployment: { operations: ['embed'] },
    intent: { operation: 'embed', inputTokens: 9_000_000, maxOutputTokens: 0 },
    because: null,
  },
  { name: 'its residency is allowed', constraints: { residency: ['eu', 'us'] }, because: null },
  {
    name: 'its residency is not allowed',
    constraints: { residency: ['eu'] },
    because: 'residency us',
  },
  {
    name: 'its residency is unknown',
    offer: { residency: null },
    constraints: { residency: ['eu'] },
    because: 'residency unknown',
  },
  { name: 'it costs the ceiling', constraints: { maxInputPicoUsd: 2_500_000 }, because: null },
  {
    name: 'its input is over the ceiling',
    constraints: { maxInputPicoUsd: 2_499_999 },
    because: 'input price $2.5 per million, ceiling $2.499999',
  },
  {
    name: 'its output is over the ceiling',
    constraints: { maxOutputPicoUsd: 9_000_000 },
    because: 'output price $10 per million, ceiling $9',
  },
  {
    name: 'its price is unknown under a ceiling',
    offer: { prices: prices({ outputPicoUsd: null }) },
    constraints: { maxOutputPicoUsd: 900_000_000 },
    because: 'output price unknown, ceiling $900',
  },
  {
    name: 'its price is unknown without a ceiling',
    offer: { prices: prices({ outputPicoUsd: null }) },
    because: null,
  },
  {
    name: 'the tier of a long input is over the ceiling',
    offer: { contextTokens: null, prices: prices({ tiers }) },
    intent: { inputTokens: 200_001 },
    constraints: { maxInputPicoUsd: 3_000_000 },
    because: 'input price $5 per million, ceiling $3',
  },
  {
    name: 'it is expected to be fast enough',
    deployment: { expectedTtftMs: 500 },
    constraints: { maxTtftMs: 500 },
    because: null,
  },
  {
    name: 'it is expected to be too slow',
    deployment: { expectedTtftMs: 501 },
    constraints: { maxTtftMs: 500 },
    because: 'ttft 501 ms, at most 500 ms',
  },
  { name: 'nothing is known of its speed', constraints: { maxTtftMs: 500 }, because: null },
];

for (const row of table) {
  test(`${row.because === null ? 'a candidate' : 'ruled out'} when ${row.name}`, () => {
    const one = deployment('openai', row.offer, row.deployment);
    const engine = createEngine({ routes: [route([one], 'cost', row.constraints)] });
    const choice = engine.choose(intent(row.intent), 1000, constant(0.5));
    assert.deepEqual(
      choice.ruledOut.map(out => out.reason),
      row.because === null ? [] : [row.because],
    );
    assert.equal(choice.candidates.length, row.because === null ? 1 : 0);
    assert.equal(choice.panic, false);
  });
}

test('one that was measured as too slow gets another chance when the measurements are old', () => {
  const one = deployment('openai');
  const engine = createEngine({ routes: [route([one], 'latency', { maxTtftMs: 500 })] });
  for (let i = 0; i < 10; i++) {
    engine.begin('openai', 1000 + i);
    engine.observe(succeeded('openai', { ttftMs: 2_000, totalMs: 3_000 }), 1000 + i);
  }
  assert.equal(engine.choose(intent(), 2_000, constant(0.5)).candidates.length, 0);
  assert.equal(engine.choose(intent(), 400_000, constant(0.5)).candidates.length, 1);
});

test('an unknown route is an error that names those it may have meant', () => {
  const engine = createEngine({
    routes: ['gpt-4o', 'gpt-4o-mini', 'claude'].map(name => ({ ...route([]), name })),
  });
  const ask = (name: string) => () => engine.choose(intent({ route: name }), 0, constant(0));
  assert.throws(ask('GPT-4'), (error: unknown) => {
    assert.ok(error instanceof UnknownRouteError);
    assert.equal(error.code, 'ENTREPOT_UNKNOWN_ROUTE');
    assert.deepEqual(error.near, ['gpt-4o']);
    assert.equal(error.message, 'no route "GPT-4"; did you mean gpt-4o?');
    return true;
  });
  assert.throws(ask('__proto__'), UnknownRouteError);
  assert.throws(ask(`evil\r\n${'x'.repeat(1_000_000)}`), (error: unknown) => {
    assert.ok(error instanceof UnknownRouteError && error.message.length < 200);
    assert.ok(!error.message.includes('\n'));
    return true;
  });
});

test('two routes of one name, and two offers under one id, are refused at the start', () => {
  const a = route([deployment('a')]);
  assert.throws(() => createEngine({ routes: [a, a] }), RangeError);
  const other = { ...route([deployment('a', { id: 'another' })]), name: 'other' };
  assert.throws(() => createEngine({ routes: [a, other] }), RangeError);
});
