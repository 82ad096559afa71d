// What a worker has counted, as plain data that processes can send and add up. All of them run the
// same code, so that a metric is known by its place.

import { Durations } from '../metrics/durations.ts';
import type { Exposed } from '../metrics/metrics.ts';
import { Tally } from '../metrics/tally.ts';

export interface Counts {
  /** Per tally: label values, joined by tabs, and count. */
  readonly tallies: readonly (readonly (readonly [labels: string, count: number])[])[];
  readonly durations: readonly { readonly counts: readonly number[]; readonly sum: number }[];
  /** In the order of the readings that grow, and of those that do not. */
  readonly grown: readonly number[];
  readonly levels: readonly number[];
}

export const noCounts: Counts = { tallies: [], durations: [], grown: [], levels: [] };

export function countsOf({ tallies, durations, readings }: Exposed): Counts {
  return {
    tallies: tallies.map(tally =>
      Array.from(tally.counts(), ([labels, count]) => [labels.join('\t'), count] as const),
    ),
    durations: durations.map(({ counts, sumSeconds }) => ({ counts, sum: sumSeconds })),
    grown: readings.filter(r => r.grows).map(r => r.read()),
    levels: readings.filter(r => !r.grows).map(r => r.read()),
  };
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    tallies: pairs(a.tallies, b.tallies, addLabelled, []),
    durations: pairs(a.durations, b.durations, addDurations, { counts: [], sum: 0 }),
    grown: addAll(a.grown, b.grown),
    levels: addAll(a.levels, b.levels),
  };
}

/** What stays in the sum when the process that counted it is gone. */
export function lasting(counts: Counts): Counts {
  return { ...counts, levels: [] };
}

/** Sums in the shape that is exposed; names and texts are those of `own`. */
export function exposedCounts(counts: Counts, own: Exposed): Exposed {
  const tallies = own.tallies.map(({ name, help, labelNames }, at) => {
    const tally = new Tally(name, help, labelNames);
    for (const [labels, count] of counts.tallies[at] ?? []) tally.add(labels.split('\t'), count);
    return tally;
  });
  const durations = own.durations.map(({ name, help, boundsSeconds }, at) => {
    const summed = new Durations(name, help, boundsSeconds);
    const { counts: some, sum } = counts.durations[at] ?? { counts: [], sum: 0 };
    for (const [bucket, count] of some.entries()) summed.counts[bucket] = count;
    summed.sumSeconds = sum;
    return summed;
  });
  const grown = counts.grown[Symbol.iterator]();
  const levels = counts.levels[Symbol.iterator]();
  const readings = own.readings.map(reading => {
    const value = (reading.grows ? grown : levels).next().value ?? 0;
    return { ...reading, read: () => value };
  });
  return { tallies, durations, readings };
}

type Labelled = Counts['tallies'][number];
type Duration = Counts['durations'][number];

function addLabelled(a: Labelled, b: Labelled): Labelled {
  const sum = new Map(a);
  for (const [labels, count] of b) sum.set(labels, (sum.get(labels) ?? 0) + count);
  return [...sum];
}

function addDurations(a: Duration, b: Duration): Duration {
  return { counts: addAll(a.counts, b.counts), sum: a.sum + b.sum };
}

function addAll(a: readonly number[], b: readonly number[]): number[] {
  return pairs(a, b, (x, y) => x + y, 0);
}

function pairs<T>(a: readonly T[], b: readonly T[], add: (a: T, b: T) => T, none: T): T[] {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, at) => add(a[at] ?? none, b[at] ?? none));
}
