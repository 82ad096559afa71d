// How good candidates are by the objective of the policy; lower is better. Expectations only order
// candidates, they never become a charge.
//
//   cost      expected cost in nano-USD; ties by latency
//   latency   expected ms to the whole answer, raised by up to `jitter` at random; ties by cost
//   balanced  cost / mean cost + latency / mean latency, both halved: 1 is an average candidate
//   priority  the operator's number; ties by cost
//
// An unknown price comes after all known ones. An unknown speed counts as that of the fastest, so
// that it becomes known by being tried.

import type { Offer } from '@entrepot/catalog/offer';
import { tierOf } from './charge.ts';
import type { Considered } from './considered.ts';
import type { Settings } from './defaults.ts';
import type { Objective } from './deployment.ts';
import type { Random } from './engine.ts';
import type { Intent } from './intent.ts';

/** Fills in what the candidates are expected to cost and take, and scores them. */
export function scoreAll(
  all: readonly Considered[],
  intent: Intent,
  objective: Objective,
  settings: Settings,
  random: Random,
): void {
  const outputTokens = expectedOutputTokens(all, intent, settings.tokens.priorOutputTokens);
  const best = fastest(all);
  for (const one of all) {
    const { deployment, state } = one.member;
    const cachedReadShare = state.tokens.cachedReadShare ?? 0;
    one.costNanoUsd = expectedCostNanoUsd(deployment.offer, intent, outputTokens, cachedReadShare);
    const msPerToken = state.latency.msPerOutputToken ?? best.msPerToken;
    one.latencyMs = (one.ttftMs ?? best.ttftMs) + outputTokens * msPerToken;
  }
  if (objective === 'balanced') scoreBalanced(all);
  else for (const one of all) scoreOne(one, objective, settings.latency.jitter, random);
}

function scoreOne(one: Considered, objective: Objective, jitter: number, random: Random): void {
  if (objective === 'cost') one.score = one.costNanoUsd;
  else if (objective === 'latency') one.score = one.latencyMs * (1 + jitter * random());
  else one.score = one.deployment.priority;
}

function scoreBalanced(all: readonly Considered[]): void {
  let costs = 0;
  let known = 0;
  let latencies = 0;
  for (const one of all) {
    latencies += one.latencyMs;
    if (one.costNanoUsd === Number.POSITIVE_INFINITY) continue;
    costs += one.costNanoUsd;
    known += 1;
  }
  for (const one of all) {
    const byLatency = relative(one.latencyMs, latencies / all.length);
    one.score = (relative(one.costNanoUsd, costs / known) + byLatency) / 2;
  }
}

/** Where all are free, or nothing is measured, all are alike; an unknown price stays infinite. */
function relative(value: number, mean: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  return mean > 0 ? value / mean : 1;
}

/** What answers of these candidates used lately, at most the caller's limit. */
function expectedOutputTokens(
  all: readonly Considered[],
  intent: Intent,
  priorTokens: number,
): number {
  let sum = 0;
  let known = 0;
  for (const one of all) {
    const { outputTokens } = one.member.state.tokens;
    if (outputTokens === null) continue;
    sum += outputTokens;
    known += 1;
  }
  const usual = known === 0 ? priorTokens : sum / known;
  return intent.maxOutputTokens === null ? usual : Math.min(usual, intent.maxOutputTokens);
}

/** Infinite where a price is unknown. Cached input without a price of its own counts as plain. */
function expectedCostNanoUsd(
  offer: Offer,
  intent: Intent,
  outputTokens: number,
  cachedReadShare: number,
): number {
  const row = tierOf(offer.prices, intent.inputTokens) ?? offer.prices;
  if (row.inputPicoUsd === null || row.outputPicoUsd === null) return Number.POSITIVE_INFINITY;
  const cached = intent.inputTokens * cachedReadShare;
  const plain = intent.inputTokens - cached;
  const picoUsd =
    plain * row.inputPicoUsd +
    cached * (row.cachedReadPicoUsd ?? row.inputPicoUsd) +
    outputTokens * row.outputPicoUsd;
  return picoUsd / 1000;
}

/** The best of what is known; 0 where nothing is. */
function fastest(all: readonly Considered[]): { ttftMs: number; msPerToken: number } {
  let ttftMs = Number.POSITIVE_INFINITY;
  let msPerToken = Number.POSITIVE_INFINITY;
  for (const one of all) {
    const { msPerOutputToken } = one.member.state.latency;
    if (one.ttftMs !== null) ttftMs = Math.min(ttftMs, one.ttftMs);
    if (msPerOutputToken !== null) msPerToken = Math.min(msPerToken, msPerOutputToken);
  }
  return {
    ttftMs: ttftMs === Number.POSITIVE_INFINITY ? 0 : ttftMs,
    msPerToken: msPerToken === Number.POSITIVE_INFINITY ? 0 : msPerToken,
  };
}
