// Sampling and what else steers the choice of tokens, for an upstream. Claude has few of these
// fields; while it thinks, and in its newest models always, it keeps to its own values.

import type { CanonicalRequest } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { loseOtherSampling, upToOne, writableStops } from '../plain-sampling.ts';

/** The least `top_p` that is taken while the model thinks. */
const minTopPThinking = 0.95;

export function encodeSampling(
  request: CanonicalRequest,
  target: TargetModel,
  thinks: boolean,
  losses: Losses,
): JsonObject {
  loseOtherSampling(request, losses);
  const { temperature, topP, topK } = request;
  const stops = writableStops(request, losses);
  const fixed = target.rejectsSampling === true;
  const fields: Record<string, unknown> = {};
  const refuse = (field: string, isOwn: boolean): void => {
    if (isOwn) return;
    losses.add(field, fixed ? 'the model refuses it' : 'the model refuses it while it thinks');
  };
  if (temperature !== undefined) {
    if (fixed || (thinks && temperature !== 1)) refuse('temperature', temperature === 1);
    else fields.temperature = upToOne(temperature, losses);
  }
  if (topP !== undefined) {
    if (fixed || (thinks && topP < minTopPThinking)) refuse('topP', topP === 1);
    else fields.top_p = topP;
  }
  if (topK !== undefined) {
    if (fixed || thinks) refuse('topK', false);
    else fields.top_k = topK;
  }
  return { ...fields, ...(stops.length === 0 ? {} : { stop_sequences: stops }) };
}
