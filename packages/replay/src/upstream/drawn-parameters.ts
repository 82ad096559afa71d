// One behaviour out of all that a model holds possible: what a replay of one seed takes for true.

import type { FailureKind } from '@entrepot/engine/outcome';
import type { Draws } from '../draws.ts';
import type { LoadModel, Uncertain, UncertainShare, UpstreamModel } from './model.ts';

export interface ErrorShare {
  readonly kind: FailureKind;
  /** Of this kind and of those before it. */
  readonly upTo: number;
  readonly retryAfterMs: number | null;
}

export interface DrawnLoad {
  readonly perRequest: number;
  readonly usual: number;
}

export interface Parameters {
  readonly baseMs: number;
  readonly prefillMsPerToken: number;
  readonly msPerOutputToken: number;
  readonly ttftSigma: number;
  readonly tokenSigma: number;
  /** null: load changes nothing. */
  readonly ttftLoad: DrawnLoad | null;
  readonly tokenLoad: DrawnLoad | null;
  readonly errorMs: number;
  readonly errors: readonly ErrorShare[];
}

/** `draws` null takes the middle of everything. */
export function parametersOf(model: UpstreamModel, draws: Draws | null): Parameters {
  const { latency } = model;
  let upTo = 0;
  const { baseMs, prefillMsPerToken, ttftCorrelation: rho } = latency;
  const first = draws?.normal() ?? 0;
  const second = rho * first + Math.sqrt(1 - rho ** 2) * (draws?.normal() ?? 0);
  const known = {
    baseMs: baseMs.median * Math.exp(baseMs.logSd * first),
    prefillMsPerToken: prefillMsPerToken.median * Math.exp(prefillMsPerToken.logSd * second),
    msPerOutputToken: drawn(latency.msPerOutputToken, draws),
    ttftSigma: latency.ttftSigma,
    tokenSigma: latency.tokenSigma,
    errorMs: drawn(model.errorMs, draws),
    errors: model.errors.map(({ kind, share, retryAfterMs }) => {
      upTo += drawnShare(share, draws);
      return { kind, upTo, retryAfterMs };
    }),
  };
  const { ttftLoad, tokenLoad } = latency;
  return {
    ...known,
    ttftLoad: ttftLoad === undefined ? null : drawnLoad(ttftLoad, draws),
    tokenLoad: tokenLoad === undefined ? null : drawnLoad(tokenLoad, draws),
  };
}

function drawnLoad({ perRequest, usual }: LoadModel, draws: Draws | null): DrawnLoad {
  return { perRequest: drawn(perRequest, draws), usual };
}

/** So many times what the median is, with so many under way besides. */
export function loadFactor({ perRequest, usual }: DrawnLoad, inFlight: number): number {
  return (1 + perRequest * inFlight) / (1 + perRequest * usual);
}

export function drawn({ median, logSd }: Uncertain, draws: Draws | null): number {
  return draws === null ? median : median * Math.exp(logSd * draws.normal());
}

function drawnShare({ yes, no }: UncertainShare, draws: Draws | null): number {
  if (yes === 0) return 0;
  if (no === 0) return 1;
  if (draws === null) return yes / (yes + no);
  const chosen = gamma(yes, draws);
  return chosen / (chosen + gamma(no, draws));
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). */
function gamma(shape: number, draws: Draws): number {
  if (shape < 1) return gamma(shape + 1, draws) * (1 - draws.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draws.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - draws.next()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return d * v;
  }
}
