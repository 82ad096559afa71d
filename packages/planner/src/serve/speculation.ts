// Speculative decoding (Leviathan et al., arXiv 2211.17192): a draft proposes tokens, one step of
// the model checks them all. A step then costs more and gives more than one token.

import type { ServingInstance } from './instance.ts';
import type { ServingParameters } from './parameters.ts';
import { stepTime } from './step-time.ts';

export interface Speculation {
  /** Tokens that the draft proposes for each step. */
  readonly proposed: number;
  /** Chance that a proposed token is taken, given that those before it were. */
  readonly acceptance: number;
  /** The model that proposes, on the same chips. null: it costs nothing (n-grams). */
  readonly draft: ServingInstance | null;
}

/** Tokens of one step on average: (1 - a^(k+1)) / (1 - a). */
export function tokensPerStep({ proposed, acceptance }: Speculation): number {
  if (acceptance >= 1) return proposed + 1;
  return (1 - acceptance ** (proposed + 1)) / (1 - acceptance);
}

/** Seconds for each token of so many sequences that decode with a draft. */
export function speculativeTokenSeconds(
  instance: ServingInstance,
  speculation: Speculation,
  sequences: number,
  context: number,
  parameters: ServingParameters,
): number {
  const { proposed, draft } = speculation;
  const around = { context, promptTokens: 0, promptContext: 0 };
  // The check reads the cache once and the weights once, and computes for all proposals.
  const one = stepTime(instance, { ...around, sequences }, parameters);
  const wide = stepTime(instance, { ...around, sequences: sequences * (proposed + 1) }, parameters);
  const check = wide.total - wide.decodeAttention + one.decodeAttention;
  const step = draft === null ? 0 : stepTime(draft, { ...around, sequences }, parameters).total;
  return (check + proposed * step) / tokensPerStep(speculation);
}
