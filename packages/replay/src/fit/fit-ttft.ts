// The time to first token as a line over the tokens that were read, with noise that multiplies:
// log ttft = log(base + prefill x tokens) + noise. Gauss and Newton's method on the logarithms of
// both parameters, each held near its prior as by one measurement of that deviation, so that a
// ledger in which all prompts are as long as each other tells nothing of what it cannot tell.

import type { LatencyModel, Uncertain } from '../upstream/model.ts';
import { deviationOf, medianOf } from './moments.ts';

export interface Measured {
  readonly freshTokens: number;
  readonly ttftMs: number;
}

export type TtftFit = Pick<
  LatencyModel,
  'baseMs' | 'prefillMsPerToken' | 'ttftCorrelation' | 'ttftSigma'
>;

const rounds = 30;
/** The prior of the base is next to nothing, since the ledger always tells of it. */
const priorSd = { base: 2, prefill: 1 };

interface Normal {
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
  readonly ra: number;
  readonly rb: number;
}

export function fitTtft(all: readonly Measured[], prior: Uncertain): TtftFit {
  const priorA = Math.log(medianOf(all.map(one => one.ttftMs)));
  const priorB = Math.log(prior.median);
  let a = priorA;
  let b = priorB;
  let sigma = 0.5;
  let normal = { aa: 1, ab: 0, bb: 1, ra: 0, rb: 0 };
  for (let round = 0; round < rounds; round++) {
    sigma = Math.max(1e-3, deviationOf(all.map(one => residual(one, a, b))));
    normal = normalEquations(all, a, b, sigma);
    const aa = normal.aa + 1 / priorSd.base ** 2;
    const bb = normal.bb + 1 / priorSd.prefill ** 2;
    const ra = normal.ra - (a - priorA) / priorSd.base ** 2;
    const rb = normal.rb - (b - priorB) / priorSd.prefill ** 2;
    normal = { ...normal, aa, bb };
    const determinant = aa * bb - normal.ab ** 2;
    a += step((bb * ra - normal.ab * rb) / determinant);
    b += step((aa * rb - normal.ab * ra) / determinant);
  }
  const { aa, ab, bb } = normal;
  const determinant = aa * bb - ab ** 2;
  return {
    baseMs: { median: Math.exp(a), logSd: Math.sqrt(bb / determinant) },
    prefillMsPerToken: { median: Math.exp(b), logSd: Math.sqrt(aa / determinant) },
    ttftCorrelation: -ab / Math.sqrt(aa * bb),
    ttftSigma: sigma,
  };
}

function residual({ freshTokens, ttftMs }: Measured, a: number, b: number): number {
  return Math.log(ttftMs) - Math.log(Math.exp(a) + Math.exp(b) * freshTokens);
}

function normalEquations(all: readonly Measured[], a: number, b: number, sigma: number): Normal {
  const sum = { aa: 0, ab: 0, bb: 0, ra: 0, rb: 0 };
  const weight = 1 / sigma ** 2;
  for (const one of all) {
    const base = Math.exp(a);
    const reading = Math.exp(b) * one.freshTokens;
    const da = base / (base + reading);
    const db = reading / (base + reading);
    const left = residual(one, a, b);
    sum.aa += weight * da * da;
    sum.ab += weight * da * db;
    sum.bb += weight * db * db;
    sum.ra += weight * da * left;
    sum.rb += weight * db * left;
  }
  return sum;
}

/** Far from the end a whole step may be too long. */
function step(size: number): number {
  return Math.max(-1, Math.min(1, size));
}
