// What InferenceX fixes for its runs and a row does not say. Facts seen 2026-11-24 in
// github.com/SemiAnalysisAI/InferenceX at 843c625.

import type { Engine } from './instance.ts';
import { siliconOf } from './parameters.ts';
import type { ServingPrecision } from './quantization.ts';
import type { RunRow } from './run-row.ts';

/** A run of InferenceX: what was compiled from it has its three pairs of lengths, and a load. */
export function isInferenceX(row: RunRow): boolean {
  const lengths = `${row.input_len}/${row.output_len}`;
  const named = /^(1024|8192)\/1024$|^1024\/8192$/.test(lengths);
  return named && row.concurrency !== null && !/recipes/.test(row.source);
}

/**
 * Mean of the lengths it draws evenly between 0.8 and 1 of those it names: RANDOM_RANGE_RATIO in
 * .github/workflows/benchmark-tmpl.yml, sample_uniform in utils/bench_serving.
 */
export const drawnShare = 0.9;

/**
 * `--scheduler-recv-interval` that it starts SGLang with on Blackwell: 10, and 30 from so many
 * concurrent requests on (benchmarks/single_node/fixed_seq_len/); elsewhere it sets none.
 */
const polls: readonly (readonly [RegExp, number])[] = [
  [/deepseek-v3 /, 16],
  [/qwen3\.5\S* fp8 B300$/, Number.POSITIVE_INFINITY],
  [/qwen3\.5\S* fp[48] B200$/, 5],
  [/qwen3\.5\S* /, 16],
  [/glm-5 fp4 /, Number.POSITIVE_INFINITY],
];

/** Steps between two looks of the scheduler for new requests. */
export function pollStepsOf(
  { accelerator, concurrency }: RunRow,
  model: string,
  engine: Engine,
  precision: ServingPrecision,
): number {
  if (engine !== 'sglang' || siliconOf(accelerator) !== 'blackwell') return 1;
  const many = polls.find(([of]) => of.test(`${model} ${precision} ${accelerator}`))?.[1] ?? null;
  if (many === null) return 1;
  return (concurrency ?? 1) >= many ? 30 : 10;
}
