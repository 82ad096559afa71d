// What the physics says of a published run.

import { atConcurrency } from './closed-loop.ts';
import { instanceChips, type ServingInstance, type ServingLayout } from './instance.ts';
import { kvBytesPerToken, memoryUse } from './memory.ts';
import { meanOfFirstLimit, meanOfTokenLimit } from './mlperf.ts';
import { requestSeconds } from './overheads.ts';
import type { ServingParameters } from './parameters.ts';
import type { ServingRun } from './serving-run.ts';
import { offline, type SteadyState, staticBatch } from './steady-state.ts';

export interface RunPrediction {
  readonly tokensPerSecond: number;
  readonly ttftMs: number | null;
  readonly tpotMs: number;
  /** Of one chip: weights, workspace and the cache of what runs. */
  readonly memoryBytes: number;
  readonly fits: boolean;
  readonly instance: ServingInstance;
}

/** Predicts a run; where it has no layout of its own, the best one found is predicted. */
export function predictRun(run: ServingRun, parameters: ServingParameters): RunPrediction {
  let best: RunPrediction | null = null;
  for (const candidate of candidates(run)) {
    const prediction = predictOne(run, candidate, parameters);
    const better =
      best === null ||
      (prediction.fits && !best.fits) ||
      (prediction.fits === best.fits && prediction.tokensPerSecond > best.tokensPerSecond);
    if (better) best = prediction;
  }
  return best!;
}

interface Candidate {
  readonly instance: ServingInstance;
  readonly replicas: number;
  /** Requests of one attention replica. */
  readonly concurrency: number;
}

/** The run's own layout, or every one that an engine would try on its chips. */
function candidates(run: ServingRun): Candidate[] {
  const { instance, replicas, concurrency } = run;
  if (!run.open) return [{ instance, replicas, concurrency }];
  const { shape, layout } = instance;
  const chips = instanceChips(layout) * replicas;
  const list: Candidate[] = [];
  for (let tp = 1; tp <= layout.tp; tp *= 2) {
    if (layout.tp % tp !== 0 || shape.heads % tp !== 0) continue;
    const plain = { tp, ep: 1, attentionDp: 1, pp: layout.pp };
    list.push(candidate(run, plain, Math.floor(chips / tp / layout.pp)));
  }
  // Attention replicas where tensor parallel chips would each hold the same cache.
  const twice = shape.latent !== null || shape.kvHeads < layout.tp;
  if (shape.experts !== null && layout.tp > 1 && twice) {
    const wide = { tp: 1, ep: layout.tp, attentionDp: layout.tp, pp: layout.pp };
    list.push(candidate(run, wide, replicas));
  }
  return list;
}

/** The run on so many instances of another layout. */
function candidate(run: ServingRun, layout: ServingLayout, replicas: number): Candidate {
  const spread = run.requests / replicas / layout.attentionDp;
  const concurrency = run.load === 'concurrent' ? spread : run.concurrency;
  return { instance: { ...run.instance, layout }, replicas, concurrency };
}

function predictOne(
  run: ServingRun,
  { instance, replicas, concurrency }: Candidate,
  parameters: ServingParameters,
): RunPrediction {
  const state = stateOf(run, instance, concurrency, parameters);
  const use = memoryUse(instance, parameters.shared)!;
  const context = run.inputTokens + run.outputTokens * parameters.shared.heldOutputShare;
  const { shape, layout, cacheBytes } = instance;
  const held = kvBytesPerToken(shape, layout.tp, cacheBytes, context) * context * state.running;
  const fits = use.cacheBytes > 0;
  const unknownFirst = run.load !== 'concurrent' && run.load !== 'static';
  return {
    tokensPerSecond: state.tokensPerSecond * replicas,
    ttftMs: unknownFirst ? null : state.ttftSeconds * 1e3,
    tpotMs: state.tpotSeconds * 1e3,
    memoryBytes: use.weightBytes + use.workspaceBytes + held / layout.pp,
    fits,
    instance,
  };
}

function stateOf(
  run: ServingRun,
  instance: ServingInstance,
  concurrency: number,
  parameters: ServingParameters,
): SteadyState {
  if (run.load === 'concurrent') {
    return atConcurrency(instance, run, concurrency, parameters, run.pattern);
  }
  if (run.load === 'offline') return offline(instance, run, parameters);
  if (run.load === 'static') return staticBatch(instance, run, concurrency, parameters);
  return underLimit(run, instance, parameters);
}

/** The largest batch at which both means still stand for 99th percentiles at MLPerf's limits. */
function underLimit(
  run: ServingRun,
  instance: ServingInstance,
  parameters: ServingParameters,
): SteadyState {
  const task = run.task!;
  const limits = (run.load === 'server' ? task.server : task.interactive) ?? task.server;
  const [firstSeconds, tokenSeconds] = limits;
  let least = 1;
  let most = 4096;
  while (most / least > 1.01) {
    const middle = Math.sqrt(least * most);
    const state = offline(instance, run, parameters, middle);
    const late =
      state.tpotSeconds > tokenSeconds * meanOfTokenLimit ||
      openFirstToken(run, instance, state, parameters) > firstSeconds * meanOfFirstLimit;
    if (late) most = middle;
    else least = middle;
  }
  return offline(instance, run, parameters, least);
}

/** Mean time to the first token under Poisson arrivals: prompts queue for the chips, M/D/1. */
function openFirstToken(
  run: ServingRun,
  instance: ServingInstance,
  state: SteadyState,
  parameters: ServingParameters,
): number {
  const prompt = state.ttftSeconds;
  const load = Math.min(0.99, (state.running * prompt) / (state.tpotSeconds * run.outputTokens));
  const steps = parameters.engines[instance.engine]!.waitSteps;
  const wait = (load / (2 * (1 - load))) * prompt;
  return requestSeconds(instance, parameters) + steps * state.tpotSeconds + prompt + wait;
}
