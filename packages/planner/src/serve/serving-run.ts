// A run of serving_runs.json as the physics takes it: which instances, what load, what was
// measured. What a row cannot say, and how its columns were read, is kept in words.

import type { Chip } from '../chip.ts';
import { findModelEntry, type ModelEntry } from '../model-entry.ts';
import type { ServedShape } from '../served-shape.ts';
import { type LoadPattern, steadyPattern } from './closed-loop.ts';
import { drawnShare, isInferenceX, launchOf, patternOf } from './inferencex.ts';
import type { Engine, ServingInstance, ServingLayout } from './instance.ts';
import { usualLaunch } from './launch.ts';
import { type MlperfTask, mlperfTasks } from './mlperf.ts';
import { siliconOf } from './parameters.ts';
import { quantizationOf, type ServingPrecision } from './quantization.ts';
import type { RunRow } from './run-row.ts';

export type Load = 'concurrent' | 'offline' | 'static' | 'server' | 'interactive';

export interface ServingRun {
  readonly row: RunRow;
  /** `model @ accelerator`: what cross-validation leaves out whole. */
  readonly pair: string;
  readonly entry: ModelEntry;
  readonly instance: ServingInstance;
  /** Instances that the run's chips hold. */
  readonly replicas: number;
  /** The row has no whole layout, or an impossible one. */
  readonly planned: boolean;
  /** Every layout that its chips allow is tried, and the best one taken. */
  readonly open: boolean;
  readonly load: Load;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of one attention replica. */
  readonly concurrency: number;
  /** Of all chips together. */
  readonly requests: number;
  readonly speculative: boolean;
  readonly pattern: LoadPattern;
  readonly task: MlperfTask | null;
  readonly remarks: readonly string[];
}

/** The middle of the releases that the parameters were fitted on. */
export const softwareEpoch = '2026-01-15';

/** Where a run does not say how it speculated: four tokens, each taken three times of four. */
const assumedSpeculation = { proposed: 4, acceptance: 0.75, draft: null };

/**
 * aiconfigurator's own runs: twenty requests for each of the concurrency after twice as many that
 * do not count, all of the same lengths (bench_run.sh.j2 in github.com/ai-dynamo/aiconfigurator at
 * 095f58a5, seen 2026-11-25).
 */
const aiconfiguratorPattern: LoadPattern = { openingShare: 1 / 20, cold: false, alike: true };

function ownPattern({ source }: RunRow): LoadPattern {
  return /aiconfigurator/.test(source) ? aiconfiguratorPattern : steadyPattern;
}

/** Reads a row; a text says why it cannot be judged. */
export function readServingRun(
  row: RunRow,
  entries: readonly ModelEntry[],
  chips: ReadonlyMap<string, Chip>,
): ServingRun | string {
  const entry = findModelEntry(entries, row.model);
  if (entry === null) return `the shape of ${row.model} is not known`;
  const chip = chips.get(row.accelerator);
  if (chip === undefined) return `the catalog has no accelerator ${row.accelerator}`;
  if (chip.bf16 === null || chip.hbmBytesPerSecond === null || chip.hbmBytes === null) {
    return `peak, memory or bandwidth of ${row.accelerator} is not known`;
  }
  const precision = precisionOf(row.precision, chip);
  if (precision === null) return `the precision "${row.precision}" is not one that can be planned`;
  const load = loadOf(row.mode);
  const mlperf = row.mode.startsWith('MLPerf');
  const task = mlperf ? (mlperfTasks[entry.shape.name] ?? null) : null;
  const inputLength = row.input_len ?? task?.inputTokens ?? null;
  const outputLength = row.output_len ?? task?.outputTokens ?? null;
  const limited = load === 'server' || load === 'interactive';
  if (mlperf && task === null && (limited || inputLength === null || outputLength === null)) {
    return `what MLPerf sets for ${row.model} is not known`;
  }
  if (limited && task === null) return 'the row says no limit under which it was measured';
  if (inputLength === null || outputLength === null) return 'the row has no lengths';
  const inferenceX = isInferenceX(row, entry.id);
  const drawn = inferenceX ? drawnShare : 1;
  const inputTokens = inputLength * drawn;
  const outputTokens = outputLength * drawn;
  const read = layoutOf(row, entry.shape, chip);
  if (typeof read === 'string') return read;
  const engine = engineOf(row, chip);
  const quantization = quantizationOf(entry.shape, chip, precision);
  const cacheBytes = cacheBytesOf(row, engine, chip, precision);
  const softwareAgeYears = ageOf(row.date);
  const speculative = /specul/i.test(row.notes ?? '');
  const instance: ServingInstance = {
    shape: entry.shape,
    chip,
    layout: read.layout,
    precision,
    quantization,
    cacheBytes,
    engine,
    softwareAgeYears,
    speculation: speculative ? assumedSpeculation : null,
    launch: inferenceX
      ? launchOf(
          { row, inputLength, concurrency: row.concurrency ?? 1, tp: read.layout.tp },
          entry.id,
          engine,
          precision,
          chip,
        )
      : usualLaunch(engine, chip),
  };
  return {
    row,
    pair: `${entry.id} @ ${row.accelerator}`,
    entry,
    instance,
    replicas: read.replicas,
    planned: read.planned,
    open: read.open,
    load,
    inputTokens,
    outputTokens,
    concurrency: read.concurrency,
    requests: row.concurrency ?? row.batch ?? 1,
    speculative,
    pattern: inferenceX ? patternOf(row) : ownPattern(row),
    task,
    remarks: read.remarks,
  };
}

function loadOf(mode: string): Load {
  if (/interactive/i.test(mode)) return 'interactive';
  if (/server/i.test(mode)) return 'server';
  if (/offline/i.test(mode)) return 'offline';
  return /static|single/i.test(mode) ? 'static' : 'concurrent';
}

function engineOf({ engine }: RunRow, chip: Chip): Engine {
  const silicon = siliconOf(chip.id);
  if (silicon === 'tpu') return 'tpu';
  if (silicon === 'neuron1' || silicon === 'neuron2') return 'neuron';
  if (/sglang/i.test(engine)) return 'sglang';
  return /vllm|llmboost/i.test(engine) ? 'vllm' : 'trtllm';
}

function precisionOf(name: string, chip: Chip): ServingPrecision | null {
  if (/^fp4\/fp8/.test(name)) return chip.fp4 === null ? 'fp8' : 'fp4';
  const known = /^(bf16|fp16|fp8|int8|fp4|nvfp4|mxfp4|int4)\b/.exec(name)?.[1];
  if (known === undefined) return null;
  if (known === 'fp16') return 'bf16';
  return /fp4$/.test(known) ? 'fp4' : (known as ServingPrecision);
}

/** What engines choose where a row does not say: eight bits where weights have no more. */
function cacheBytesOf(
  row: RunRow,
  engine: Engine,
  chip: Chip,
  precision: ServingPrecision,
): number {
  if (row.kv_cache_precision !== null) return /8/.test(row.kv_cache_precision) ? 1 : 2;
  const narrow = engine === 'trtllm' || siliconOf(chip.id) === 'blackwell';
  return precision !== 'bf16' && narrow ? 1 : 2;
}

function ageOf(date: string | null): number {
  if (date === null) return 0;
  const day = Date.parse(date.length === 7 ? `${date}-15` : date);
  return Number.isNaN(day) ? 0 : (Date.parse(softwareEpoch) - day) / 31_557_600_000;
}

interface ReadLayout {
  readonly layout: ServingLayout;
  readonly replicas: number;
  readonly planned: boolean;
  readonly open: boolean;
  readonly concurrency: number;
  readonly remarks: readonly string[];
}

function layoutOf(row: RunRow, shape: ServedShape, chip: Chip): ReadLayout | string {
  const pp = row.pp ?? 1;
  const chips = row.count ?? row.tp;
  // Neuron rows count cores in tp: a chip is two or four of them.
  const neuron = siliconOf(chip.id).startsWith('neuron');
  const load = loadOf(row.mode);
  if (load !== 'concurrent') {
    const known = neuron ? chips : row.tp;
    const planned = known === null || (load === 'offline' && shape.experts !== null);
    const tp = known ?? Math.min(chips ?? (neuron ? 16 : 8), chip.scaleUpChips);
    const layout = { tp, ep: row.ep ?? 1, attentionDp: 1, pp };
    const replicas = Math.max(1, Math.floor((chips ?? tp) / tp / pp));
    const batch = Math.max(1, row.batch ?? 1);
    return { layout, replicas, planned, open: planned, concurrency: batch, remarks: [] };
  }
  const concurrency = row.concurrency ?? row.batch;
  if (concurrency === null || chips === null) return 'the row has no concurrency or no chips';
  if (row.concurrency === null) return 'the row has no concurrency, only a batch of a part of it';
  if (row.tp === null) return openLayout(chips, concurrency, pp, 'the row has no tp');
  return shape.experts === null
    ? denseLayout(row, shape, concurrency, chips)
    : expertsLayout(row, shape, concurrency, chips);
}

/** Chips that any engine of the compiled runs splits attention over. */
const widestTensorGroup = 8;

/** No layout that the row gives: chips side by side, to be laid out as is best. */
function openLayout(chips: number, concurrency: number, pp: number, why: string): ReadLayout {
  const layout = { tp: Math.max(1, Math.floor(chips / pp)), ep: 1, attentionDp: 1, pp };
  const remarks = [`${why}: the best layout that was found`];
  return { layout, replicas: 1, planned: true, open: true, concurrency, remarks };
}

function denseLayout(
  row: RunRow,
  shape: ServedShape,
  concurrency: number,
  chips: number,
): ReadLayout {
  const tp = row.tp!;
  const pp = row.pp ?? 1;
  if (shape.heads % tp !== 0) {
    const why = `tp ${tp} does not divide ${shape.heads} attention heads`;
    return openLayout(chips, concurrency, pp, why);
  }
  const layout = { tp, ep: 1, attentionDp: 1, pp };
  const replicas = Math.max(1, Math.round(chips / tp / pp));
  // A batch that is a part of the concurrency is that of one of several instances.
  const batch = row.batch ?? concurrency / replicas;
  const remarks = batch < concurrency / replicas ? ['the batch is of one of its instances'] : [];
  const each = Math.min(batch, concurrency / replicas);
  return { layout, replicas, planned: false, open: false, concurrency: each, remarks };
}

/**
 * The rows compiled from aiconfigurator give chips as tp x attention replicas, or as tp x ep, where
 * the expert group is the tensor group itself: runs with the same times are listed both ways.
 */
function expertsLayout(
  row: RunRow,
  shape: ServedShape,
  concurrency: number,
  chips: number,
): ReadLayout {
  const tp = row.tp!;
  const ep = Math.max(1, row.ep ?? 1);
  const pp = row.pp ?? 1;
  const parts = row.batch === null || row.batch === 0 ? 1 : Math.round(concurrency / row.batch);
  const of = (layout: Omit<ServingLayout, 'pp'>, remark: string | null, planned = false) => ({
    layout: { ...layout, pp },
    replicas: 1,
    planned,
    open: false,
    concurrency: concurrency / layout.attentionDp,
    remarks: remark === null ? [] : [remark],
  });
  if (tp > widestTensorGroup && ep === 1 && parts === 1) {
    // InferenceX sums the chips of prefill and of decode instances, which stand side by side.
    return openLayout(chips, concurrency, pp, `tp ${tp} is the chips of several instances`);
  }
  if (shape.heads % tp !== 0) {
    const why = `tp ${tp} does not divide ${shape.heads} heads: read as ${chips} attention replicas`;
    return of({ tp: 1, ep: chips, attentionDp: chips }, why, true);
  }
  if (ep > 1 && tp > 8 && tp === ep * ep) {
    return of({ tp: ep, ep, attentionDp: 1 }, `chips given as tp x ep: read as ${ep}`);
  }
  if (chips > tp && tp === 1 && ep > 1) {
    const why = `chips given as replicas x ep: read as ${ep} attention replicas`;
    return of({ tp: 1, ep, attentionDp: ep }, why);
  }
  if (chips > tp && ep > 1) {
    return of({ tp, ep: tp, attentionDp: 1 }, `chips given as tp x replicas: read as ${tp}`);
  }
  if (parts > 1 && tp % parts === 0) {
    return of({ tp: tp / parts, ep, attentionDp: parts }, null);
  }
  return of({ tp, ep, attentionDp: 1 }, null);
}
