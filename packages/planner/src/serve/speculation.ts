// Speculative decoding (Leviathan et al., arXiv 2211.17192): a step then costs more and gives more
// than one token.

import type { ServingInstance, Speculation } from './instance.ts';
import type { ServingParameters } from './parameters.ts';
import { type StepWork, stepTime } from './step-time.ts';

/** Tokens of one step on average: (1 - a^(k+1)) / (1 - a). */
export function tokensPerStep({ proposed, acceptance }: Speculation): number {
  if (acceptance >= 1) return proposed + 1;
  return (1 - acceptance ** (proposed + 1)) / (1 - acceptance);
}

/** Seconds in which every sequence gets one token: a step, or its share of one with a draft. */
export function tokenSeconds(
  instance: ServingInstance,
  work: StepWork,
  parameters: ServingParameters,
): number {
  const one = stepTime(instance, work, parameters);
  const { speculation } = instance;
  if (speculation === null || work.sequences === 0) return one.total;
  const { proposed, draft } = speculation;
  const alone = { ...work, promptTokens: 0 };
  const plain = stepTime(instance, alone, parameters);
  // The check reads the cache once and the weights once, and computes for all proposals.
  const wide = { ...alone, sequences: work.sequences * (proposed + 1) };
  const checked = stepTime(instance, wide, parameters);
  const check = checked.total - checked.decodeAttention + plain.decodeAttention;
  const drafts = draft === null ? 0 : proposed * stepTime(draft, alone, parameters).total;
  return (check + drafts) / tokensPerStep(speculation) + one.total - plain.total;
}
