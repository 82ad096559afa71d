// The prompt cache of one upstream: which blocks of prompts it has seen lately. A table of fixed
// size, so that memory does not grow with the traffic: sets of four, in which a new block takes the
// place of the one that was used longest ago.

import type { Ms } from '@entrepot/engine/engine';
import type { PrefixColumns } from '@entrepot/traffic/request-columns';
import { mixed } from '../draws.ts';
import type { CacheModel } from './model.ts';

const sets = 1 << 16;
const ways = 4;

export class PrefixCache {
  readonly #model: CacheModel;
  readonly #blockTokens: number;
  readonly #hashes = new Uint32Array(sets * ways);
  readonly #usedAtMs = new Float64Array(sets * ways).fill(Number.NEGATIVE_INFINITY);

  constructor(model: CacheModel, blockTokens: number) {
    this.#model = model;
    this.#blockTokens = blockTokens;
  }

  /**
   * How many tokens of request `i` are read from it; all its blocks are there afterwards. `copy`
   * keeps apart requests that the traffic has once and the world several times: they begin like
   * others of their own kind, and not like the one that they were made from.
   */
  use(prefix: PrefixColumns, i: number, copy: number, inputTokens: number, now: Ms): number {
    const { ttlMs, leastTokens, stepTokens } = this.#model;
    if (inputTokens < leastTokens) return 0;
    const from = prefix.starts[i]!;
    const to = prefix.starts[i + 1]!;
    let found = 0;
    for (let at = from; at < to; at++) {
      const hash = prefix.hashes[at]!;
      const known = this.#touch(copy === 0 ? hash : mixed(hash, copy), now - ttlMs, now);
      if (known && found === at - from) found += 1;
    }
    const tokens = Math.min(found * this.#blockTokens, inputTokens);
    return tokens < leastTokens ? 0 : tokens - (tokens % stepTokens);
  }

  /** True when the block was there; it is there, and newest, afterwards. */
  #touch(hash: number, sinceMs: Ms, now: Ms): boolean {
    const first = (mixed(hash, 1) & (sets - 1)) * ways;
    let oldest = first;
    for (let at = first; at < first + ways; at++) {
      if (this.#hashes[at] === hash && this.#usedAtMs[at]! >= sinceMs) {
        this.#usedAtMs[at] = now;
        return true;
      }
      if (this.#usedAtMs[at]! < this.#usedAtMs[oldest]!) oldest = at;
    }
    this.#hashes[oldest] = hash;
    this.#usedAtMs[oldest] = now;
    return false;
  }
}
