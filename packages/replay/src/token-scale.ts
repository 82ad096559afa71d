import type { Uncertain } from './upstream/model.ts';

/** How many tokens of a model's tokenizer one token of the traffic is, for a whole replay. */
export interface TokenScale {
  readonly ratio: Uncertain;
}
