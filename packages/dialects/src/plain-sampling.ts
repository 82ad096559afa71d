// Sampling as dialects with few fields have it, those of Anthropic and of Converse: what they lack
// is lost by name, and what they take is kept within what they take.

import type { CanonicalRequest } from './canonical.ts';
import type { Losses } from './losses.ts';

/** Fields that there are none of, unless they say what is so anyway. */
export function loseOtherSampling(request: CanonicalRequest, losses: Losses): void {
  const { candidates = 1, logprobs, logitBias = {} } = request;
  const none = 'there is no such field in this dialect';
  if (candidates !== 1) losses.add('candidates', 'there is one answer to a request here');
  if (logprobs !== undefined) losses.add('logprobs', none);
  if (request.seed !== undefined) losses.add('seed', none);
  if ((request.frequencyPenalty ?? 0) !== 0) losses.add('frequencyPenalty', none);
  if ((request.presencePenalty ?? 0) !== 0) losses.add('presencePenalty', none);
  if (Object.keys(logitBias).length > 0) losses.add('logitBias', none);
}

export function upToOne(temperature: number, losses: Losses): number {
  if (temperature > 1) losses.add('temperature', 'it goes up to 1 here');
  return Math.min(temperature, 1);
}

/** A sequence of spaces alone is refused by both. */
export function writableStops({ stop = [] }: CanonicalRequest, losses: Losses): readonly string[] {
  return stop.filter((sequence, index) => {
    const isBlank = sequence.trim() === '';
    if (isBlank) losses.add(`stop[${index}]`, 'a stop sequence of spaces alone is refused');
    return !isBlank;
  });
}
