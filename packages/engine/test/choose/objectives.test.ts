// Proves the order of candidates under each objective, from prices and from what was measured.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Choice } from '../../src/choice.ts';
import { createEngine } from '../../src/create-engine.ts';
import type { Engine } from '../../src/engine.ts';
import { constant, deployment, intent, prices, route, seeded, succeeded, usage } from '../fleet.ts';

function order(choice: Choice): string[] {
  return choice.candidates.map(one => one.deployment.id);
}

function choose(engine: Engine, changes: Parameters<typeof intent>[0] = {}, now = 1000): string[] {
  return order(engine.choose(intent(changes), now, constant(0.99)));
}

function measured(engine: Engine, id: string, ttftMs: number, msPerToken: number): void {
  for (let i = 0; i < 10; i++) {
    engine.begin(id, 500);
    const totalMs = ttftMs + 100 * msPerToken;
    engine.observe(succeeded(id, { ttftMs, totalMs, outputTokens: 100 }), 500);
  }
}

const dear = deployment('dear', { prices: prices({ inputPicoUsd: 5_000_000 }) });
const cheap = deployment('cheap', { prices: prices({ inputPicoUsd: 1_000_000 }) });
const unpriced = deployment('unpriced', { prices: prices({ inputPicoUsd: null }) });
const free = deployment('free', { prices: prices({ inputPicoUsd: 0, outputPicoUsd: 0 }) });

test('cost: the cheapest first, unknown prices last', () => {
  const engine = createEngine({ routes: [route([unpriced, dear, free, cheap], 'cost')] });
  assert.deepEqual(choose(engine), ['free', 'cheap', 'dear', 'unpriced']);
});

test('cost: the tier that the input falls into counts', () => {
  const tier = {
    aboveInputTokens: 10_000,
    inputPicoUsd: 9_000_000,
    outputPicoUsd: 10_000_000,
    cachedReadPicoUsd: null,
    cacheWrite5mPicoUsd: null,
    cacheWrite1hPicoUsd: null,
  };
  const tiered = deployment('tiered', {
    prices: prices({ inputPicoUsd: 1_000_000, tiers: [tier] }),
  });
  const engine = createEngine({ routes: [route([dear, tiered], 'cost')] });
  assert.deepEqual(choose(engine, { inputTokens: 10_000 }), ['tiered', 'dear']);
  assert.deepEqual(choose(engine, { inputTokens: 10_001 }), ['dear', 'tiered']);
});

test('cost: long answers so far, and input found in the cache, change what is cheapest', () => {
  const input = deployment('cheap-input', {
    prices: prices({
      inputPicoUsd: 1_000_000,
      cachedReadPicoUsd: 1_000_000,
      outputPicoUsd: 20_000_000,
    }),
  });
  const output = deployment('cheap-output', {
    prices: prices({
      inputPicoUsd: 2_000_000,
      cachedReadPicoUsd: 100_000,
      outputPicoUsd: 15_000_000,
    }),
  });
  const ask = { inputTokens: 4000, maxOutputTokens: 4000 };
  const engine = createEngine({ routes: [route([output, input], 'cost')] });
  assert.deepEqual(choose(engine, ask), ['cheap-input', 'cheap-output']);
  for (let i = 0; i < 50; i++) engine.settle('cheap-input', usage({ outputTokens: 2_000 }), i);
  assert.deepEqual(choose(engine, ask), ['cheap-output', 'cheap-input']);
  assert.deepEqual(choose(engine, { ...ask, maxOutputTokens: 100 }), [
    'cheap-input',
    'cheap-output',
  ]);
  const cached = usage({ cachedReadTokens: 900, outputTokens: 100 });
  for (let i = 0; i < 200; i++) engine.settle('cheap-output', cached, i);
  assert.deepEqual(choose(engine, { ...ask, maxOutputTokens: 100 }), [
    'cheap-output',
    'cheap-input',
  ]);
});

test('latency: time to first token plus output time, as measured', () => {
  const [quick, steady] = [deployment('quick-start'), deployment('steady')];
  const engine = createEngine({ routes: [route([quick, steady], 'latency')] });
  measured(engine, 'quick-start', 100, 40);
  measured(engine, 'steady', 600, 10);
  assert.deepEqual(choose(engine, { maxOutputTokens: 5 }), ['quick-start', 'steady']);
  assert.deepEqual(choose(engine, { maxOutputTokens: 500 }), ['steady', 'quick-start']);
});

test('latency: the operator is believed until there are measurements', () => {
  const a = deployment('a', {}, { expectedTtftMs: 200 });
  const b = deployment('b', {}, { expectedTtftMs: 400 });
  const engine = createEngine({ routes: [route([b, a], 'latency')] });
  assert.deepEqual(choose(engine), ['a', 'b']);
  measured(engine, 'a', 900, 10);
  assert.deepEqual(choose(engine), ['b', 'a']);
});

test('latency: near ties share the load, a clear difference does not', () => {
  const [a, b, slow] = [deployment('a'), deployment('b'), deployment('slow')];
  const engine = createEngine({ routes: [route([a, b, slow], 'latency')] });
  measured(engine, 'a', 500, 10);
  measured(engine, 'b', 520, 10);
  measured(engine, 'slow', 2_000, 30);
  const random = seeded(7);
  const first = new Map<string, number>();
  for (let i = 0; i < 1000; i++) {
    const id = order(engine.choose(intent(), 1000, random))[0]!;
    first.set(id, (first.get(id) ?? 0) + 1);
  }
  assert.ok(first.get('a')! > 400 && first.get('b')! > 200);
  assert.equal(first.get('slow'), undefined);
});

test('latency: one that was not measured for a minute goes first now and then', () => {
  const [fast, slow] = [deployment('fast'), deployment('slow')];
  const engine = createEngine({ routes: [route([fast, slow], 'latency')] });
  measured(engine, 'slow', 3_000, 10);
  for (let at = 70_000; at < 70_010; at++) {
    engine.begin('fast', at);
    engine.observe(succeeded('fast'), at);
  }
  const random = seeded(3);
  let explored = 0;
  for (let i = 0; i < 5000; i++) {
    if (order(engine.choose(intent(), 71_000, random))[0] === 'slow') explored += 1;
  }
  assert.ok(explored > 50 && explored < 150, `${explored} of 5000`);
});

test('balanced: neither the cheapest at any wait nor the fastest at any price', () => {
  const bargain = deployment('bargain', { prices: prices({ inputPicoUsd: 1_000_000 }) });
  const middle = deployment('middle', { prices: prices({ inputPicoUsd: 1_500_000 }) });
  const express = deployment('express', {
    prices: prices({ inputPicoUsd: 9_000_000, outputPicoUsd: 40_000_000 }),
  });
  const engine = createEngine({
    routes: [route([express, bargain, unpriced, middle], 'balanced')],
  });
  measured(engine, 'bargain', 4_000, 30);
  measured(engine, 'middle', 400, 10);
  measured(engine, 'express', 300, 9);
  assert.equal(choose(engine)[0], 'middle');
  assert.equal(choose(engine).at(-1), 'unpriced');
});

test('balanced: where all is free or nothing is known, the order of the route stands', () => {
  const engine = createEngine({
    routes: [route([free, { ...free, id: 'free-too' }], 'balanced')],
  });
  assert.deepEqual(choose(engine), ['free', 'free-too']);
  const unknown = createEngine({
    routes: [route([unpriced, { ...unpriced, id: 'unpriced-too' }], 'balanced')],
  });
  assert.deepEqual(choose(unknown), ['unpriced', 'unpriced-too']);
});

test('priority: the lower number first, ties by cost', () => {
  const at = (one: typeof dear, priority: number): typeof dear => ({ ...one, priority });
  const engine = createEngine({
    routes: [route([at(free, 2), at(dear, 1), at(cheap, 1)], 'priority')],
  });
  assert.deepEqual(choose(engine), ['cheap', 'dear', 'free']);
});

test('a candidate says in one line what was expected of it', () => {
  const engine = createEngine({
    routes: [route([deployment('a', {}, { expectedTtftMs: 310 }), unpriced], 'cost')],
  });
  const { candidates } = engine.choose(intent(), 0, constant(0.5));
  assert.equal(candidates[0]!.reason(), 'cost $0.00461, ttft 310 ms');
  assert.equal(candidates[1]!.reason(), 'cost unknown, ttft unknown');
});
