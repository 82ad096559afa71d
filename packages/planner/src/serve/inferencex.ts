// What InferenceX fixes for its runs and a row does not say: how it draws lengths and sends
// requests, what it starts engines with. Facts seen 2026-11-24 and 2026-11-25 in the history of
// github.com/SemiAnalysisAI/InferenceX up to 843c625.

import type { Chip } from '../chip.ts';
import type { LoadPattern } from './closed-loop.ts';
import type { Engine } from './instance.ts';
import { type LaunchSettings, usualLaunch } from './launch.ts';
import type { ServingPrecision } from './quantization.ts';
import type { RunRow } from './run-row.ts';

/** Models that it runs, in MODELS.md and the names of its scripts. */
const models = /llama-3\.[13]-70b|gpt-oss|deepseek|qwen3\.5|kimi-k|minimax-m|glm-5/;

/** A run of InferenceX: what was compiled from it has its three pairs of lengths, and a load. */
export function isInferenceX(row: RunRow, model: string): boolean {
  const lengths = `${row.input_len}/${row.output_len}`;
  const named = /^(1024|8192)\/1024$|^1024\/8192$/.test(lengths) && models.test(model);
  return named && row.concurrency !== null && !/recipes/.test(row.source);
}

/**
 * Mean of the lengths it draws evenly between 0.8 and 1 of those it names: RANDOM_RANGE_RATIO in
 * .github/workflows/benchmark-tmpl.yml, sample_uniform in utils/bench_serving.
 */
export const drawnShare = 0.9;

/** It sends ten requests for each of the concurrency: `--num-prompts` in benchmarks/. */
const waves = 10;

/** d053ae24: from here on twice the concurrency of requests go before, and do not count. */
const warmedFrom = '2026-01-21';

export function patternOf({ date }: RunRow): LoadPattern {
  return { openingShare: 1 / waves, cold: date !== null && date < warmedFrom, alike: false };
}

/** What the scripts decide their settings by. */
export interface LaunchedRun {
  readonly row: RunRow;
  /** As the row names it, before any is drawn. */
  readonly inputLength: number;
  readonly concurrency: number;
  readonly tp: number;
}

interface Script {
  /** Engine, model, precision and accelerator. */
  readonly of: RegExp;
  readonly from?: string;
  readonly settings: (run: LaunchedRun) => Partial<LaunchSettings>;
}

/** `--scheduler-recv-interval` of SGLang on Blackwell: 10, and 30 from so many requests on. */
const pollSteps = (concurrency: number, from: number): number => (concurrency >= from ? 30 : 10);

/** MAX_NUM_TOKENS of dsr1_*_trt*.sh: hardly more than one prompt. */
const onePrompt = ({ concurrency, inputLength }: LaunchedRun): number =>
  Math.ceil((concurrency + inputLength + 64) / 64) * 64;

/** Scripts of benchmarks/ by what they launch; the last one that fits a run holds. */
const scripts: readonly Script[] = [
  {
    // batch_wait_timeout_iters in 70b_*_trt_*.sh.
    of: /^trtllm llama-3\.[13]-70b /,
    settings: ({ row, tp }) => ({
      chunkTokens: 16384,
      streamSteps: 10,
      holdSteps: row.input_len === 1024 && row.output_len === 1024 && tp < 8 ? 20 : 0,
    }),
  },
  { of: /^trtllm gpt-oss/, settings: () => ({ chunkTokens: 20000, streamSteps: 20 }) },
  { of: /^trtllm deepseek/, settings: run => ({ chunkTokens: onePrompt(run), streamSteps: 10 }) },
  {
    of: /^trtllm deepseek/,
    from: '2026-01-20',
    settings: run => ({ chunkTokens: Math.max(8192, onePrompt(run)), streamSteps: 10 }),
  },
  {
    of: /^vllm (minimax\S* fp[48] B|kimi\S* fp4 B200)/,
    from: '2026-04-03',
    settings: ({ inputLength }) => ({ chunkTokens: 2 * inputLength, streamSteps: 20 }),
  },
  {
    of: /^sglang deepseek\S* fp4 B/,
    settings: ({ concurrency }) => ({
      chunkTokens: 16384,
      streamSteps: 10,
      pollSteps: pollSteps(concurrency, 16),
    }),
  },
  {
    of: /^sglang deepseek\S* fp8 B/,
    settings: ({ concurrency, tp }) =>
      tp === 4
        ? { chunkTokens: 8192, streamSteps: 30, pollSteps: 10 }
        : { chunkTokens: 32768, streamSteps: 30, pollSteps: pollSteps(concurrency, 16) },
  },
  { of: /^sglang deepseek\S* fp8 H200/, settings: () => ({ chunkTokens: 32768, streamSteps: 10 }) },
  {
    of: /^sglang qwen3\.5\S* \S+ B/,
    settings: ({ concurrency }) => ({
      chunkTokens: 32768,
      streamSteps: 30,
      pollSteps: pollSteps(concurrency, 16),
    }),
  },
  {
    of: /^sglang qwen3\.5\S* fp8 B300/,
    from: '2026-04-17',
    settings: () => ({ chunkTokens: 16384, streamSteps: 50, pollSteps: 10 }),
  },
  {
    of: /^sglang qwen3\.5\S* fp[48] B200/,
    from: '2026-04-30',
    settings: ({ concurrency }) => ({
      chunkTokens: 16384,
      streamSteps: 50,
      pollSteps: pollSteps(concurrency, 5),
    }),
  },
  { of: /^sglang qwen3\.5\S* fp8 H200/, settings: () => ({ chunkTokens: 16384, streamSteps: 50 }) },
  { of: /^sglang glm-5 fp8 B/, settings: () => ({ chunkTokens: 32768, streamSteps: 30 }) },
  { of: /^sglang glm-5 fp4 B/, settings: () => ({ chunkTokens: 131072, streamSteps: 30 }) },
  {
    of: /^sglang glm-5 fp4 B/,
    from: '2026-04-09',
    settings: () => ({ chunkTokens: 32768, streamSteps: 30, pollSteps: 10 }),
  },
];

/** What a run's engine was started with; what its script leaves open is the engine's default. */
export function launchOf(
  run: LaunchedRun,
  model: string,
  engine: Engine,
  precision: ServingPrecision,
  chip: Chip,
): LaunchSettings {
  const name = `${engine} ${model.slice(model.indexOf('/') + 1)} ${precision} ${chip.id}`;
  const { date } = run.row;
  const script = scripts.findLast(
    ({ of, from }) => of.test(name) && (from === undefined || (date !== null && date >= from)),
  );
  return { ...usualLaunch(engine, chip), ...script?.settings(run) };
}
