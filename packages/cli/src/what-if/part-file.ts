// A part of a comparison: some of its seeds, replayed on another machine. Parts merge exactly: a
// report is made of the seeds' results, whoever replayed them.

import { readFileSync } from 'node:fs';
import type { RunResult } from '@entrepot/replay/what-if/case';
import type { Performance } from '@entrepot/replay/what-if/report';
import { UsageError } from '../command.ts';
import type { Replayed } from './compare.ts';
import type { Compared } from './comparison.ts';
import { fromJson, toJson } from './plain-json.ts';

const kind = 'entrepot what-if part';

/** The text of the file of a part of so many seeds in all. */
export function partText(replayed: Replayed, seeds: number): string {
  const { compared, results, isPartial, performance } = replayed;
  return `${toJson({ kind, seeds, compared, results, isPartial, performance })}\n`;
}

/** Throws UsageError for a file that is no part, or one of another comparison. */
export function mergeParts(files: readonly string[]): Replayed {
  const parts = files.map(file => ({ file, part: readPart(file) }));
  const first = parts[0]!;
  for (const { file, part } of parts) {
    const isOther = toJson(part.compared) !== toJson(first.part.compared);
    if (isOther || part.seeds !== first.part.seeds) {
      throw new UsageError(`${file} is of another comparison than ${first.file}`, 1);
    }
  }
  const seeds = new Map<number, string>();
  for (const { file, part } of parts) {
    for (const seed of new Set(part.results.map(result => result.seed))) {
      const before = seeds.get(seed);
      if (before !== undefined)
        throw new UsageError(`${file} and ${before} both have seed ${seed}`, 1);
      seeds.set(seed, file);
    }
  }
  const all = parts.map(({ part }) => part);
  return {
    compared: first.part.compared,
    results: all.flatMap(part => part.results).sort((a, b) => a.seed - b.seed),
    // A part that is missing, such as that of a pod that failed, is not passed over in silence.
    isPartial: seeds.size < first.part.seeds || all.some(part => part.isPartial),
    performance: {
      requestsPerSecond: all.reduce((sum, part) => sum + part.performance.requestsPerSecond, 0),
      peakRssBytes: Math.max(...all.map(part => part.performance.peakRssBytes)),
    },
  };
}

interface Part {
  readonly kind: string;
  /** Of all parts together. */
  readonly seeds: number;
  readonly compared: Compared;
  readonly results: readonly RunResult[];
  readonly isPartial: boolean;
  readonly performance: Performance;
}

function readPart(file: string): Part {
  let part: Part;
  try {
    part = fromJson(readFileSync(file, 'utf8')) as Part;
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}`);
  }
  if (part.kind === kind) return part;
  throw new UsageError(`${file} is no part of a comparison, as --part writes one`);
}
