// A planned deployment as an offer of one's own: what a token costs on it, input and output told
// apart by the time that each takes on the chips; and how it is expected to answer.

import type { Prediction } from '@entrepot/catalog/prediction';
import { atConcurrency } from './closed-loop.ts';
import { deviationsOf95 } from './first-token.ts';
import { medianError, unvalidatedError } from './fit-error.ts';
import type { ServingParameters } from './parameters.ts';
import type { ServingPlan } from './plan-serving.ts';
import type { FittedServing } from './read-parameters.ts';
import { decodeSeconds, promptSeconds } from './steady-state.ts';

export interface TokenPrices {
  readonly inputUsdPerMtok: number;
  readonly outputUsdPerMtok: number;
}

/** Prices at which the planned traffic pays for its hosts, in whole millionths of a USD. */
export function tokenPrices(
  plan: ServingPlan,
  usdPerHour: number,
  parameters: ServingParameters,
): TokenPrices {
  const { instance, means, sustained } = plan;
  const { inputTokens, outputTokens, requestsPerSecond } = means;
  const context = inputTokens + outputTokens / 2;
  const running = sustained.concurrency;
  const decode = decodeSeconds(instance, running, context, parameters) / running;
  const beside = { sequences: running, context, prompts: running / 4 };
  const prompt = promptSeconds(instance, beside, inputTokens, parameters);
  const promptShare = prompt / (prompt + decode * outputTokens);
  const usdPerRequest = usdPerHour / 3600 / requestsPerSecond;
  const millionths = (value: number): number => Math.round(value * 1e6) / 1e6;
  return {
    inputUsdPerMtok: millionths((usdPerRequest * promptShare * 1e6) / inputTokens),
    outputUsdPerMtok: millionths((usdPerRequest * (1 - promptShare) * 1e6) / outputTokens),
  };
}

/** What the plan says of how its hosts will answer, for an offer that nobody has measured. */
export function predictionOf(plan: ServingPlan, fitted: FittedServing): Prediction {
  const { instance, means, load, runs } = plan;
  const { ttftSeconds, tpotSeconds, firstToken } = load;
  const underWay = means.requestsPerSecond * load.meanTotalSeconds;
  const idle = atConcurrency(instance, means, 1, fitted.parameters);
  const schedulers = load.instances * instance.layout.attentionDp;
  const growth = (alone: number, planned: number): number =>
    growthOf(alone / planned, schedulers, underWay);
  const error = (measure: 'ttft' | 'tpot'): number =>
    runs === 0 ? unvalidatedError : medianError(fitted, plan.acceleratorId, measure);
  const digits = (value: number): number => Number(value.toPrecision(4));
  return {
    by: `entrepot plan serve, fitted on ${fitted.fittedOn}`,
    requestsPerSecond: digits(means.requestsPerSecond),
    underWay: digits(underWay),
    ttft: {
      ms: digits(firstToken.seconds * 1000),
      msPerInputToken: digits(firstToken.secondsPerInputToken * 1000),
      spread: digits(firstToken.spread),
      error: error('ttft'),
      growth: digits(growth(idle.ttftSeconds, ttftSeconds.p50)),
    },
    token: {
      ms: digits(tpotSeconds.p50 * 1000),
      spread: digits(Math.max(0, Math.log(tpotSeconds.p95 / tpotSeconds.p50)) / deviationsOf95),
      error: error('tpot'),
      growth: digits(growth(idle.tpotSeconds, tpotSeconds.p50)),
    },
  };
}

/**
 * k of a time that grows as 1 + k n with the requests under way, from its share when each scheduler
 * has one request. 0 where the plan has no more than that under way: then it tells nothing of it.
 */
function growthOf(idleShare: number, schedulers: number, underWay: number): number {
  const room = idleShare * underWay - schedulers;
  return idleShare >= 1 || room <= 0 ? 0 : (1 - idleShare) / room;
}
