// Sampling and what else steers the choice of tokens, for an upstream. Claude keeps to its own
// values while it thinks, and in its newest models always.

import type { CanonicalRequest } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { loseOtherSampling, upToOne, writableStops } from '../plain-sampling.ts';

/** The least `topP` that Claude takes while it thinks. */
const minTopPThinking = 0.95;

export interface Sampling {
  /** Of `inferenceConfig`. */
  readonly config: JsonObject;
  /** Of `additionalModelRequestFields`. */
  readonly modelFields: JsonObject;
}

export function encodeSampling(
  request: CanonicalRequest,
  target: TargetModel,
  thinks: boolean,
  losses: Losses,
): Sampling {
  loseOtherSampling(request, losses);
  const { temperature, topP, topK } = request;
  const stops = writableStops(request, losses);
  const fixed = target.rejectsSampling === true;
  const config: Record<string, unknown> = {};
  const refuse = (field: string, isOwn: boolean): void => {
    if (isOwn) return;
    losses.add(field, fixed ? 'the model refuses it' : 'the model refuses it while it thinks');
  };
  if (temperature !== undefined) {
    if (fixed || (thinks && temperature !== 1)) refuse('temperature', temperature === 1);
    else config.temperature = upToOne(temperature, losses);
  }
  if (topP !== undefined) {
    if (fixed || (thinks && topP < minTopPThinking)) refuse('topP', topP === 1);
    else config.topP = topP;
  }
  if (topK !== undefined && (fixed || thinks)) refuse('topK', false);
  const modelFields = topK === undefined || fixed || thinks ? {} : encodeTopK(topK, target, losses);
  return {
    config: { ...config, ...(stops.length === 0 ? {} : { stopSequences: stops }) },
    modelFields,
  };
}

/** Each vendor's models have it in a place of their own, if at all. */
function encodeTopK(topK: number, { vendor }: TargetModel, losses: Losses): JsonObject {
  if (vendor === 'anthropic') return { top_k: topK };
  if (vendor === 'amazon') return { inferenceConfig: { topK } };
  losses.add('topK', 'the model has no such field here');
  return {};
}
