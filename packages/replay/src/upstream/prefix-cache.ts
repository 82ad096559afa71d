// The prompt cache of one upstream: which blocks of prompts it has seen lately. A table of fixed
// size, in which a new block takes the place of an old one that falls on the same entry, as one
// does in the least recently used order, nearly: memory does not grow with the traffic.

import type { Ms } from '@entrepot/engine/engine';
import type { PrefixColumns } from '@entrepot/traffic/request-columns';
import { mixed } from '../draws.ts';
import type { CacheModel } from './model.ts';

const entries = 1 << 17;

export class PrefixCache {
  readonly #model: CacheModel;
  readonly #blockTokens: number;
  readonly #hashes = new Uint32Array(entries);
  readonly #usedAtMs = new Float64Array(entries).fill(Number.NEGATIVE_INFINITY);

  constructor(model: CacheModel, blockTokens: number) {
    this.#model = model;
    this.#blockTokens = blockTokens;
  }

  /** How many tokens of request `i` are read from it; all its blocks are there afterwards. */
  use(prefix: PrefixColumns, i: number, inputTokens: number, now: Ms): number {
    const { ttlMs, leastTokens, stepTokens } = this.#model;
    if (inputTokens < leastTokens) return 0;
    const from = prefix.starts[i]!;
    const to = prefix.starts[i + 1]!;
    let found = 0;
    for (let at = from; at < to; at++) {
      const known = this.#touch(prefix.hashes[at]!, now - ttlMs, now);
      if (known && found === at - from) found += 1;
    }
    const tokens = Math.min(found * this.#blockTokens, inputTokens);
    return tokens < leastTokens ? 0 : tokens - (tokens % stepTokens);
  }

  /** True when the block was there; it is there, and newest, afterwards. */
  #touch(hash: number, sinceMs: Ms, now: Ms): boolean {
    const at = mixed(hash, 1) & (entries - 1);
    const known = this.#hashes[at] === hash && this.#usedAtMs[at]! >= sinceMs;
    this.#hashes[at] = hash;
    this.#usedAtMs[at] = now;
    return known;
  }
}
