// Sampling and what else steers the choice of tokens, for an upstream. Claude has few of these
// fields; while it thinks, and in its newest models always, it keeps to its own values.

import type { CanonicalRequest } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from './losses.ts';

/** The least `top_p` that is taken while the model thinks. */
const minTopPThinking = 0.95;

export function encodeSampling(
  request: CanonicalRequest,
  target: TargetModel,
  thinks: boolean,
  losses: Losses,
): JsonObject {
  loseForeign(request, losses);
  const { temperature, topP, topK } = request;
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
  return { ...fields, ...encodeStops(request, losses) };
}

function upToOne(temperature: number, losses: Losses): number {
  if (temperature > 1) losses.add('temperature', 'it goes up to 1 here');
  return Math.min(temperature, 1);
}

/** The API refuses a sequence of spaces alone. */
function encodeStops({ stop = [] }: CanonicalRequest, losses: Losses): JsonObject {
  const written = stop.filter((sequence, index) => {
    const isBlank = sequence.trim() === '';
    if (isBlank) losses.add(`stop[${index}]`, 'a stop sequence of spaces alone is refused');
    return !isBlank;
  });
  return written.length === 0 ? {} : { stop_sequences: written };
}

/** Fields that there are none of here, unless they say what is so anyway. */
function loseForeign(request: CanonicalRequest, losses: Losses): void {
  const { candidates = 1, logprobs, logitBias = {} } = request;
  const none = 'there is no such field in this dialect';
  if (candidates !== 1) losses.add('candidates', 'there is one answer to a request here');
  if (logprobs !== undefined) losses.add('logprobs', none);
  if (request.seed !== undefined) losses.add('seed', none);
  if ((request.frequencyPenalty ?? 0) !== 0) losses.add('frequencyPenalty', none);
  if ((request.presencePenalty ?? 0) !== 0) losses.add('presencePenalty', none);
  if (Object.keys(logitBias).length > 0) losses.add('logitBias', none);
}
