// Requests in columns: what readers of traffic hand to replay, in batches of bounded size, so that
// a trace of any length is held a piece at a time. Pure: no input or output.

import type { Feature } from '@entrepot/catalog/offer';

/** The most requests of one batch. */
export const mostPerBatch = 65_536;

/** A batch of requests in the order of time, a column for each thing that is known of them. */
export interface RequestColumns {
  readonly count: number;
  /** Milliseconds since the traffic's start, ascending, also from batch to batch. */
  readonly atMs: Float64Array;
  /** Index into `TrafficHead.routes`. */
  readonly route: Uint16Array;
  /** Index into `TrafficHead.keys`. */
  readonly key: Uint16Array;
  /** The whole prompt, what may come from a cache included. */
  readonly inputTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  /** What the caller allowed; 0 is no limit of its own. */
  readonly maxOutputTokens: Uint32Array;
  /** A bit for each feature that the request asks for: `featureBit`. */
  readonly flags: Uint16Array;
  /** null where the traffic does not say which prompts begin alike. */
  readonly prefix: PrefixColumns | null;
}

/**
 * Hashes of each prompt's blocks from its beginning on, `TrafficHead.blockTokens` tokens each: two
 * prompts begin alike as far as their hashes are the same.
 */
export interface PrefixColumns {
  /** Request i has hashes [starts[i], starts[i + 1]); `count + 1` long. */
  readonly starts: Uint32Array;
  readonly hashes: Uint32Array;
}

/** What holds for all of some traffic. */
export interface TrafficHead {
  /** For people: the file's name, or `ledger`. */
  readonly name: string;
  /** The format that it was read as, and what was published about it. */
  readonly source: string;
  /** How many requests there are; null where only reading tells. */
  readonly requests: number | null;
  /** The names that callers ask for. */
  readonly routes: readonly string[];
  /** Who pays; one that is empty of meaning where the traffic does not say. */
  readonly keys: readonly string[];
  readonly blockTokens: number | null;
  /** The moment of `atMs` 0; null where the traffic has no dates. */
  readonly startUnixMs: number | null;
  /** What the traffic does not say and was taken in its place, a sentence each. */
  readonly assumed: readonly string[];
}

export interface Traffic {
  readonly head: TrafficHead;
  readonly batches: AsyncIterable<RequestColumns> | Iterable<RequestColumns>;
}

/** Bit 0 first. New features come last: kept columns hold these bits. */
const features: readonly Feature[] = [
  'streaming',
  'tools',
  'vision',
  'documents',
  'audio',
  'json-schema',
  'reasoning',
  'prompt-caching',
  'candidates',
  'logprobs',
];

const bits = new Map(features.map((feature, i) => [feature, 1 << i]));

/** The bit of `flags` that stands for a feature. */
export function featureBit(feature: Feature): number {
  return bits.get(feature)!;
}

/** Whether the answer is asked for as a stream. */
export function isStream(flags: number): boolean {
  return (flags & 1) !== 0;
}

/** Lists by flags: made once, since few of the combinations occur. */
const lists = new Array<readonly Feature[] | undefined>(1 << features.length);

/** What `flags` say that a request asks for, `streaming` included. The same list each time. */
export function featuresOf(flags: number): readonly Feature[] {
  lists[flags] ??= features.filter((_, i) => (flags & (1 << i)) !== 0);
  return lists[flags]!;
}
