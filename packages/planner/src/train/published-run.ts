// A published training run as it stands in a file of runs, read into what the physics takes: job,
// layout, chip and stack. What a source does not say stays open, and is planned or left unjudged.

import { type Chip, rankOf } from '../chip.ts';
import type { Layout, Precision, Recompute, Sharding, TrainingJob } from '../layout.ts';
import { findModelEntry, type ModelEntry } from '../model-entry.ts';
import type { ModelShape } from '../model-shape.ts';
import type { RunRow } from './run-row.ts';
import { type Framework, frameworkOf } from './stack.ts';

/** What is given of a layout; null is not said. */
export type GivenLayout = { readonly [K in keyof Layout]: Layout[K] | null };

export interface PublishedRun {
  readonly id: string;
  readonly source: string;
  readonly date: string;
  readonly framework: Framework;
  readonly accelerator: string;
  readonly chips: number;
  /** Ranks that the layout's degrees count on one chip. */
  readonly ranks: number;
  /** globalBatch is 0 where it is not said. */
  readonly job: TrainingJob;
  readonly precisionName: string;
  readonly given: GivenLayout;
  readonly secondsMeasured: number | null;
  readonly tokensPerSecondPerChip: number | null;
  /** It did not run for want of memory: nothing was timed. */
  readonly outOfMemory: boolean;
  readonly memoryBytesMeasured: number | null;
}

/** A row as a run, or why it cannot be judged; shapes that it leaves out are of models known. */
export function readRun(
  row: RunRow,
  known: readonly ModelEntry[],
): PublishedRun | { readonly reason: string } {
  const { measured } = row;
  const isTimed = measured.step_time_s !== null || measured.tokens_per_s_per_chip !== null;
  if (!isTimed && measured.out_of_memory !== true) {
    return { reason: 'only a rate of operations is published, not a time' };
  }
  const model = readShape(row, findModelEntry(known, row.model.name)?.shape ?? null);
  if (typeof model === 'string') return { reason: model };
  if (row.model.seq === null) return { reason: 'the length of its sequences is not published' };
  const ranks = ranksOf(row);
  return {
    id: row.id,
    source: row.source,
    date: row.date,
    framework: frameworkOf(row.framework, row.date),
    accelerator: row.accelerator,
    chips: row.count,
    ranks,
    job: {
      model,
      sequence: row.model.seq,
      globalBatch: row.global_batch ?? 0,
      precision: precisionOf(row.precision),
      frozenBase: /lora/i.test(`${row.id} ${row.notes ?? ''}`),
    },
    precisionName: row.precision,
    given: readLayout(row, ranks, model.experts !== null),
    secondsMeasured: measured.step_time_s,
    tokensPerSecondPerChip: measured.tokens_per_s_per_chip,
    outOfMemory: measured.out_of_memory === true,
    memoryBytesMeasured: measured.memory_gib === null ? null : measured.memory_gib * 2 ** 30,
  };
}

/** The chip of a run as its layout counts: one rank of it. */
export function rankChip(run: PublishedRun, chip: Chip): Chip {
  return rankOf(chip, run.ranks);
}

function readShape(row: RunRow, known: ModelShape | null): ModelShape | string {
  const m = row.model;
  const layers = m.layers ?? known?.layers;
  const hidden = m.hidden ?? known?.hidden;
  const heads = m.heads ?? known?.heads;
  const vocab = m.vocab ?? known?.vocab;
  if (!layers || !hidden || !heads || !vocab) {
    const needed = { layers, hidden, heads, vocab };
    const absent = Object.entries(needed).filter(([, value]) => !value);
    return `${absent.map(([name]) => name).join(', ')} not published`;
  }
  const window = /window (\d+)|\((\d+) window\)/.exec(m.notes ?? '');
  const local = /(\d+):1 local/.exec(m.notes ?? '');
  // A row that says nothing of its layers says nothing of their kinds either.
  const bare = m.layers === null ? known : null;
  return {
    name: m.name,
    layers,
    hidden,
    heads,
    kvHeads: m.kv_heads ?? known?.kvHeads ?? heads,
    headDim: m.head_dim ?? known?.headDim ?? hidden / heads,
    ffn: m.ffn ?? known?.ffn ?? 4 * hidden,
    gated: m.gated_ffn ?? known?.gated ?? false,
    vocab,
    biasedExperts: known?.biasedExperts ?? false,
    tied: known?.tied ?? /^(mpt|gpt|megatron|turing)/.test(m.name),
    latent:
      m.kv_lora_rank == null
        ? (bare?.latent ?? null)
        : {
            queryRank: m.q_lora_rank ?? 0,
            keyValueRank: m.kv_lora_rank,
            plainDim: m.qk_nope_head_dim ?? 128,
            rotaryDim: m.qk_rope_head_dim ?? 64,
            valueDim: m.v_head_dim ?? 128,
          },
    window: window === null ? (bare?.window ?? null) : Number(window[1] ?? window[2]),
    fullAttentionEvery:
      window === null ? (bare?.fullAttentionEvery ?? 1) : local === null ? 2 : Number(local[1]) + 1,
    experts:
      m.experts == null
        ? (bare?.experts ?? null)
        : {
            count: m.experts,
            topK: m.top_k ?? 1,
            ffn: m.moe_ffn ?? m.ffn ?? 0,
            shared: m.shared_experts ?? 0,
            firstDenseLayers: m.first_dense_layers ?? 0,
            every: /every 2nd layer/.test(m.notes ?? '') ? 2 : 1,
          },
  };
}

export function precisionOf(name: string): Precision {
  if (/nvfp4|fp4/.test(name)) return 'nvfp4';
  if (/mxfp8/.test(name)) return 'mxfp8';
  if (/fp8/.test(name)) return 'fp8';
  return /int8/.test(name) ? 'int8' : 'bf16';
}

function ranksOf(row: RunRow): number {
  if (row.tp === null || row.pp === null || row.dp === null) return 1;
  const ranks = (row.tp * row.pp * row.dp * (row.cp ?? 1)) / row.count;
  return Number.isInteger(ranks) && ranks > 1 ? ranks : 1;
}

function readLayout(row: RunRow, ranks: number, hasExperts: boolean): GivenLayout {
  // Sequence parallelism came in May 2022 (arXiv 2205.05198).
  const megatronSp = !/no sequence parallelism/.test(row.notes ?? '') && row.date >= '2022-05';
  return {
    tp: row.tp,
    sp: row.tp === null ? null : row.tp > 1 && megatronSp,
    pp: row.pp,
    // A source that tells a layout but not its chunks has none; one that leaves more out may have.
    vpp: row.vpp ?? (row.pp === null || row.micro_batch === null ? null : 1),
    dp: row.dp,
    cp: row.cp,
    ep: hasExperts ? row.ep : 1,
    etp: hasExperts ? (row.etp ?? expertCut(row)) : 1,
    microBatch: row.micro_batch,
    sharding: shardingOf(row),
    shards: shardsOf(row, ranks),
    ...recomputeOf(row.recompute),
  };
}

/** Where it is not said: NeMo cuts experts as the rest of a layer, later recipes do not. */
function expertCut(row: RunRow): number | null {
  if (row.ep === null) return null;
  return /^NeMo/.test(row.framework) && row.date < '2025-09' ? row.tp : 1;
}

function shardingOf(row: RunRow): Sharding | null {
  const text = row.sharding ?? '';
  if (/zero2|zero-2/.test(text)) return 'zero2';
  if (/fsdp|zero3/.test(text)) return 'zero3';
  if (/zero1/.test(text)) return 'zero1';
  if (/^none/.test(text)) return 'none';
  return row.tp === null ? null : 'zero1';
}

/** Chips of one slice or pod that holds a whole copy, where a source names it. */
function shardsOf(row: RunRow, ranks: number): number | null {
  const inside = /fsdp(\d+) (?:inside|within)/.exec(row.sharding ?? '')?.[1];
  const slices = /\b(\d+)x? (?:slice\(s\) of )?v\w+-\d+ \((\d+) chips/.exec(row.notes ?? '');
  const pods = /\b(\d+) pods over DCN/.exec(row.notes ?? '')?.[1];
  if (inside !== undefined) return Number(inside) * ranks;
  if (slices !== null) return Number(slices[2]) / (row.tp ?? 1);
  return pods === undefined ? null : row.count / Number(pods) / (row.tp ?? 1);
}

type GivenRecompute = Pick<GivenLayout, 'recompute' | 'recomputedShare'>;

function recomputeOf(text: string | null): GivenRecompute {
  const known = (recompute: Recompute): GivenRecompute => ({ recompute, recomputedShare: 1 });
  if (text === null || /recipe\)?$/.test(text)) return { recompute: null, recomputedShare: null };
  if (/offloaded/.test(text)) return known('offload');
  if (/^full/.test(text)) return known('full');
  if (/^selective|^save/.test(text)) return known('selective');
  if (/^none|^minimal/.test(text)) return known('none');
  return { recompute: null, recomputedShare: null };
}
