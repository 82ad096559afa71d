// A cloud's prompt cache: hashes of prompt prefixes, the least recently used going first. OpenAI,
// Azure and Gemini cache by themselves; Claude, on its own API and on Bedrock, where the caller
// marks.

import { hash } from 'node:crypto';
import type { PromptPart } from './input-tokens.ts';

/** Shorter prompts are not cached, and OpenAI counts in steps. ("Prompt caching" guides) */
const leastTokens = 1024;
const stepTokens = 128;
const mostPrefixes = 20_000;

export interface CacheUse {
  readonly readTokens: number;
  readonly write5mTokens: number;
  readonly write1hTokens: number;
}

const unused: CacheUse = { readTokens: 0, write5mTokens: 0, write1hTokens: 0 };

export class PromptCache {
  readonly #automatic: boolean;
  readonly #prefixes = new Set<string>();

  constructor(automatic: boolean) {
    this.#automatic = automatic;
  }

  /** What this prompt reads and writes; `model` keeps the caches of models apart. */
  use(model: string, parts: readonly PromptPart[]): CacheUse {
    const total = parts.reduce((sum, part) => sum + part.tokens, 0);
    if (total < leastTokens) return unused;
    if (!this.#automatic && parts.every(part => part.mark === null)) return unused;
    let prefix = model;
    let tokens = 0;
    let readTokens = 0;
    const missed: (readonly [tokens: number, ttl: PromptPart['mark']])[] = [];
    for (const part of parts) {
      prefix = hash('sha1', prefix + part.text);
      tokens += part.tokens;
      if (tokens < leastTokens || !(this.#automatic || part.mark !== null)) continue;
      if (this.#touch(prefix)) readTokens = tokens;
      else missed.push([tokens, part.mark]);
    }
    if (this.#automatic) {
      const whole = Math.floor(readTokens / stepTokens) * stepTokens;
      return { ...unused, readTokens: whole };
    }
    return written(readTokens, missed);
  }

  /** True when the prefix was there; it is there, and newest, afterwards. */
  #touch(prefix: string): boolean {
    const known = this.#prefixes.delete(prefix);
    this.#prefixes.add(prefix);
    if (this.#prefixes.size > mostPrefixes) {
      this.#prefixes.delete(this.#prefixes.values().next().value!);
    }
    return known;
  }
}

function written(
  readTokens: number,
  missed: readonly (readonly [tokens: number, ttl: PromptPart['mark']])[],
): CacheUse {
  const sums = { '5m': 0, '1h': 0 };
  let covered = readTokens;
  for (const [tokens, ttl] of missed) {
    if (tokens <= covered) continue;
    sums[ttl ?? '5m'] += tokens - covered;
    covered = tokens;
  }
  return { readTokens, write5mTokens: sums['5m'], write1hTokens: sums['1h'] };
}
