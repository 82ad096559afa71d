// A planned deployment as an offer of one's own: what a token costs on it, input and output told
// apart by the time that each takes on the chips.

import type { ServingParameters } from './parameters.ts';
import type { ServingPlan } from './plan-serving.ts';
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
