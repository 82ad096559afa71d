// Tokens are not the same from one model to the next: how many of one a token of another is, and
// how much that differs with the kind of text.

import { type TokenCounts, tokenizerOf } from '@entrepot/catalog/token-counts';
import type { Uncertain } from './upstream/model.ts';

/** How many tokens of a model's tokenizer one token of the traffic is, for a whole replay. */
export interface TokenScale {
  readonly ratio: Uncertain;
}

/**
 * By model, for traffic whose tokens were counted as `countedBy` counts them. A model of unknown
 * vocabulary is left out, and so are all where that of the traffic is unknown.
 */
export function tokenScales(
  counts: TokenCounts,
  countedBy: string | null,
  models: Iterable<string>,
): Record<string, TokenScale> {
  const from = countedBy === null ? null : tokenizerOf(counts, countedBy);
  const scales: Record<string, TokenScale> = {};
  if (from === null) return scales;
  for (const model of models) {
    const to = tokenizerOf(counts, model);
    if (to !== null) scales[model] = { ratio: ratioOf(from.counts, to.counts) };
  }
  return scales;
}

/** Of each text alone, since traffic may be of any of their kinds. */
function ratioOf(from: readonly number[], to: readonly number[]): Uncertain {
  const logs = to.map((count, i) => Math.log(count / from[i]!));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  return { median: Math.exp(mean), logSd: Math.sqrt(squares / (logs.length - 1)) };
}
