// Instances that the tests of serving share, made from the catalog.

import { readFileSync } from 'node:fs';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { type Chip, chipOf } from '@entrepot/planner/chip';
import { findModelEntry, type ModelEntry } from '@entrepot/planner/model-entry';
import { readModelShapes } from '@entrepot/planner/read-model-shapes';
import type { Arrivals } from '@entrepot/planner/serve/arrivals';
import type { ServingInstance, ServingLayout } from '@entrepot/planner/serve/instance';
import { usualLaunch } from '@entrepot/planner/serve/launch';
import { quantizationOf, type ServingPrecision } from '@entrepot/planner/serve/quantization';
import { type FittedServing, readFittedServing } from '@entrepot/planner/serve/read-parameters';

const read = (name: string): string =>
  readFileSync(new URL(`../../../../catalog/${name}`, import.meta.url), 'utf8');

export const entries: readonly ModelEntry[] = readModelShapes(read('model-shapes.jsonl'));
export const fitted: FittedServing = readFittedServing(read('serving-parameters.json'));
export const chips: ReadonlyMap<string, Chip> = new Map(
  readAccelerators('accelerators.json', read('accelerators.json'), []).map(a => [a.id, chipOf(a)]),
);

export function entryOf(name: string): ModelEntry {
  return findModelEntry(entries, name)!;
}

/** A vLLM instance of a model on chips side by side. */
export function instanceOf(
  model: string,
  chipId: string,
  layout: Partial<ServingLayout>,
  precision: ServingPrecision = 'fp8',
): ServingInstance {
  const { shape } = entryOf(model);
  const chip = chips.get(chipId)!;
  return {
    shape,
    chip,
    layout: { tp: 1, ep: 1, attentionDp: 1, pp: 1, ...layout },
    precision,
    quantization: quantizationOf(shape, chip, precision),
    cacheBytes: 2,
    engine: 'vllm',
    softwareAgeYears: 0,
    speculation: null,
    launch: usualLaunch('vllm', chip),
  };
}

/** So many requests of one kind, evenly apart. */
export function evenArrivals(
  count: number,
  requestsPerSecond: number,
  input: number,
  output: number,
): Arrivals {
  return {
    count,
    atMs: Float64Array.from({ length: count }, (_, i) => (i * 1000) / requestsPerSecond),
    inputTokens: new Uint32Array(count).fill(input),
    outputTokens: new Uint32Array(count).fill(output),
  };
}
