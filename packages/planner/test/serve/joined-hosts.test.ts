// Proves serving over several hosts: what fits where by the arithmetic of memory, what stages and
// the network cost, and that the plan is the best of every layout, simulated one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, candidatesOf } from '@entrepot/planner/serve/candidates';
import { instancesNeeded, sustained } from '@entrepot/planner/serve/capacity';
import { atConcurrency } from '@entrepot/planner/serve/closed-loop';
import {
  instanceChips,
  type ServingInstance,
  type ServingLayout,
} from '@entrepot/planner/serve/instance';
import { kvBytesPerToken, memoryUse, mostSequences } from '@entrepot/planner/serve/memory';
import {
  planServing,
  type ServingPlan,
  type ServingWish,
} from '@entrepot/planner/serve/plan-serving';
import type { ServingPrecision } from '@entrepot/planner/serve/quantization';
import { simulateLoad } from '@entrepot/planner/serve/simulate';
import { stepTime } from '@entrepot/planner/serve/step-time';
import { arrivalMeans } from '../../src/serve/arrivals.ts';
import { chips, entryOf, evenArrivals, fitted, instanceOf } from './cases.ts';

const { parameters } = fitted;
const slo = { ttftSeconds: 2, tpotSeconds: 0.1 };

function wishOf(
  model: string,
  precision: ServingPrecision,
  requestsPerSecond: number,
  count = 240,
): ServingWish {
  return {
    shape: entryOf(model).shape,
    arrivals: evenArrivals(count, requestsPerSecond, 1500, 300),
    slo,
    precision,
    engine: null,
    speculation: null,
    fitted,
    hostChips: new Map(),
  };
}

function planOf(wish: ServingWish, chipId: string): ServingPlan {
  const plan = planServing(wish, chips.get(chipId)!);
  if ('why' in plan) assert.fail(`${chipId}: ${plan.why}`);
  return plan;
}

test('what one host does not hold fits on two, by its parts', () => {
  const room = (...args: Parameters<typeof instanceOf>): number =>
    memoryUse(instanceOf(...args), parameters.shared)!.cacheBytes;
  const split = { tp: 8, pp: 2 };
  assert.ok(room('deepseek-v3', 'H100-SXM', { tp: 8 }) < 0);
  assert.ok(room('deepseek-v3', 'H100-SXM', split) > 0);
  assert.ok(room('deepseek-v3', 'H100-SXM', { ep: 16, attentionDp: 16 }) > 0);
  assert.ok(room('llama-3.1-405b', 'H100-SXM', { tp: 8 }, 'bf16') < 0);
  assert.ok(room('llama-3.1-405b', 'H100-SXM', split, 'bf16') > 0);
  assert.ok(room('llama-3.1-405b', 'MI300X', { tp: 8 }, 'bf16') > 0);
  // The longer stage has 31 layers, each with 256 experts of three matrices in eight bits.
  const { weights, weightBytes } = memoryUse(
    instanceOf('deepseek-v3', 'H100-SXM', split),
    parameters.shared,
  )!;
  assert.equal(weights.experts, (31 * 256 * 3 * 7168 * 2048) / 8);
  assert.ok(weights.experts > 0.9 * weightBytes);
});

test('a stage holds the cache of its own layers', () => {
  const rule = { usableMemoryShare: 1, workspaceGb: 0 };
  const instance = instanceOf('deepseek-v3', 'H100-SXM', { tp: 8, pp: 2 });
  const { cacheBytes } = memoryUse(instance, rule)!;
  const token = kvBytesPerToken(instance.shape, 8, 2, 2000) * (31 / 61);
  const most = mostSequences(instance, 1000, 1000, rule, 1);
  assert.ok(Math.abs(most / (cacheBytes / token / 2000) - 1) < 1e-9);
});

test('a round of stages is the slowest one for each, with what is sent between them', () => {
  const work = { sequences: 32, context: 2000, promptTokens: 0, promptContext: 0 };
  const one = stepTime(instanceOf('llama-3.1-405b', 'H100-SXM', { tp: 8 }), work, parameters);
  const two = stepTime(
    instanceOf('llama-3.1-405b', 'H100-SXM', { tp: 8, pp: 2 }),
    work,
    parameters,
  );
  assert.equal(one.pipeline, 0);
  // The last stage has the head too: 63 layers and the head, twice.
  assert.ok(two.pipeline > 2 * 20e-6 && two.pipeline < 2 * (one.head + 1e-3));
  assert.ok(two.total > one.total);
});

test('two stages do twice the work of one at the pace of one, but for what stages cost', () => {
  const lengths = { inputTokens: 1500, outputTokens: 300 };
  const at = (pp: number, concurrency: number) =>
    atConcurrency(
      instanceOf('llama-3.1-405b', 'H200', { tp: 8, pp }),
      lengths,
      concurrency,
      parameters,
    );
  const ratio = at(2, 64).tokensPerSecond / at(1, 32).tokensPerSecond;
  assert.ok(ratio > 1.6 && ratio <= 2, `${ratio} times`);
  // A request alone finds one stage idle, and is not faster than without stages.
  assert.ok(at(2, 1).tpotSeconds >= at(1, 1).tpotSeconds);
  assert.ok(at(2, 1).ttftSeconds >= 0.95 * at(1, 1).ttftSeconds);
});

test('experts over hosts wait for the network, those of one rack do not', () => {
  const work = { sequences: 16, context: 2000, promptTokens: 0, promptContext: 0 };
  const exchange = (chipId: string, domain: number): number => {
    const instance = instanceOf('deepseek-v3', chipId, { ep: 16, attentionDp: 16 });
    const chip = { ...instance.chip, scaleUpChips: domain };
    return stepTime({ ...instance, chip }, work, parameters).collectives;
  };
  const far = exchange('H100-SXM', 8);
  const near = exchange('H100-SXM', 16);
  // Two exchanges of 58 layers, each with a message to the other host.
  const messages = 2 * 58 * 20e-6;
  assert.ok(far > near + 0.99 * messages && far < near + 3 * messages);
  assert.equal(exchange('GB200', 72), exchange('GB200', 16));
});

test('the simulation reads a prompt by one replica and through all stages', () => {
  for (const layout of [
    { tp: 8, pp: 2 },
    { ep: 16, attentionDp: 16 },
  ]) {
    const instance = instanceOf('deepseek-v3', 'H100-SXM', layout);
    const load = simulateLoad(evenArrivals(10, 0.02, 4000, 100), instance, 1, parameters);
    const within = instanceOf('deepseek-v3', 'H200', { tp: 8 });
    const beside = simulateLoad(evenArrivals(10, 0.02, 4000, 100), within, 1, parameters);
    assert.ok(load.ttftSeconds.p50 > 0.9 * beside.ttftSeconds.p50);
  }
});

/** Layouts on so many hosts of eight, by nothing but counting. */
function everyLayout(wish: ServingWish, hosts: number, domain: number): ServingLayout[] {
  const { heads, layers, experts } = wish.shape;
  const powers = [1, 2, 4, 8, 16, 32, 64, 128];
  const list: ServingLayout[] = [];
  for (const tp of powers) {
    for (const pp of powers) {
      for (const attentionDp of powers) {
        for (const ep of powers) {
          const chips = tp * pp * attentionDp;
          const isWhole = hosts === 1 ? chips <= 8 && pp === 1 : chips === 8 * hosts;
          if (!isWhole || heads % tp !== 0 || pp > layers) continue;
          // Groups of tensors are within a domain; stages are whole hosts.
          if (tp > domain || (pp > 1 && (tp < 8 || attentionDp > 1))) continue;
          if (attentionDp > 1 && (ep !== tp * attentionDp || tp > 8)) continue;
          if (hosts === 1 && attentionDp > 1 && tp > 1) continue;
          if (hosts > 1 && pp === 1 && attentionDp === 1 && tp !== chips) continue;
          const isCut = ep === 1 || (ep === tp * attentionDp && chips > 1);
          if (!isCut || (ep > 1 && (experts === null || ep > experts.count))) continue;
          list.push({ tp, ep, attentionDp, pp });
        }
      }
    }
  }
  return list;
}

const nameOf = ({ tp, ep, attentionDp, pp }: ServingLayout): string =>
  `tp${tp} ep${ep} dp${attentionDp} pp${pp}`;

const cases: readonly (readonly [string, ServingPrecision, string, number])[] = [
  ['mixtral-8x7b', 'fp8', 'H100-SXM', 20],
  ['llama-3.1-405b', 'bf16', 'H100-SXM', 2],
  ['llama-3.1-405b', 'bf16', 'H200', 4],
  ['deepseek-v3', 'fp8', 'H100-SXM', 8],
  ['deepseek-v3', 'fp8', 'H200', 60],
];

test('every layout that counting finds is a candidate, and no other', () => {
  for (const [model, precision, chipId] of cases) {
    const wish = wishOf(model, precision, 1);
    const chip = chips.get(chipId)!;
    const counted = [1, 2, 4, 8, 16].flatMap(hosts =>
      everyLayout(wish, hosts, chip.scaleUpChips).map(layout => `${hosts}: ${nameOf(layout)}`),
    );
    const found = candidatesOf(wish, chip).map(
      ({ hosts, instance }) => `${hosts}: ${nameOf(instance.layout)}`,
    );
    assert.deepEqual([...new Set(found)].sort(), [...new Set(counted)].sort(), model);
  }
});

test('the plan is the best of all candidates, each simulated; one host where it is as good', () => {
  for (const [model, precision, chipId, rate] of cases) {
    const wish = wishOf(model, precision, rate);
    const chip = chips.get(chipId)!;
    const chipsOf = ({ instance }: Candidate): number => simulatedChips(wish, instance);
    const all = candidatesOf(wish, chip);
    const best = (some: readonly Candidate[]): number => Math.min(...some.map(chipsOf));
    const alone = best(all.filter(c => c.hosts === 1));
    const over = best(all.filter(c => c.hosts > 1));
    const plan = planOf(wish, chipId);
    const wanted = over <= 0.9 * alone ? over : alone;
    assert.equal(plan.chips, wanted, `${model} on ${chipId}: ${alone} alone, ${over} over hosts`);
    assert.equal(plan.hosts > 1, over <= 0.9 * alone);
  }
});

function simulatedChips(wish: ServingWish, instance: ServingInstance): number {
  const use = memoryUse(instance, parameters.shared)!;
  if (use.cacheBytes <= 0) return Number.POSITIVE_INFINITY;
  const means = arrivalMeans(wish.arrivals);
  const can = sustained(instance, means, slo, parameters);
  if (can === null) return Number.POSITIVE_INFINITY;
  const estimate = means.requestsPerSecond / can.requestsPerSecond;
  const load = instancesNeeded(wish.arrivals, instance, slo, estimate, parameters);
  return (load?.instances ?? Number.POSITIVE_INFINITY) * instanceChips(instance.layout);
}

test('models that need two hosts get them, others stay on one', () => {
  const deepseek = planOf(wishOf('deepseek-v3', 'fp8', 2), 'H100-SXM');
  assert.deepEqual([deepseek.hosts, instanceChips(deepseek.instance.layout)], [2, 16]);
  // Published runs are within a host: a plan over several is not checked, and its range is wide.
  assert.equal(deepseek.runs, 0);
  assert.equal(planOf(wishOf('llama-3.1-405b', 'bf16', 0.5), 'H100-SXM').hosts, 2);
  assert.equal(planOf(wishOf('llama-3.1-405b', 'bf16', 0.5), 'MI300X').hosts, 1);
  assert.equal(planOf(wishOf('llama-3.3-70b', 'fp8', 20), 'H100-SXM').hosts, 1);
  assert.ok(planOf(wishOf('llama-3.3-70b', 'fp8', 20), 'H100-SXM').runs > 0);
});

test('where hosts cannot be joined, the reason is said', () => {
  const why = (chipId: string, joined: number | null): string => {
    const hostChips = new Map([[chipId, { largest: 8, joined }]]);
    const plan = planServing(
      { ...wishOf('llama-3.1-405b', 'bf16', 1), hostChips },
      chips.get(chipId)!,
    );
    return 'why' in plan ? plan.why : assert.fail(`${chipId} has a plan`);
  };
  assert.match(why('H100-SXM', null), /101 GB of each of 8 chips' 86 GB, .* \(no host .* network/);
  assert.match(why('Inferentia2', 8), /vLLM Neuron serves on one host\); --precision fp8/);
  assert.match(why('V100-SXM2-32GB', 1), /the most of 16 hosts; --precision fp8 or a larger chip/);
});
