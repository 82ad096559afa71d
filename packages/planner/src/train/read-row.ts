// A row of a file of runs, whatever it holds, as a row of the known form; or why it is none, with
// the name of the field. What is left out is as if it were null.

import {
  amount,
  count,
  countOrNone,
  flag,
  type Given,
  isObject,
  needed,
  part,
  shown,
  text,
  WrongField,
} from '../row-fields.ts';
import type { RunModel, RunRow } from './run-row.ts';

/** A row that cannot be read. */
export interface UnreadRow {
  readonly id: string;
  readonly reason: string;
}

/** Reads a row; `place` names it where it has no id of its own. */
export function readRow(value: unknown, place: string): RunRow | UnreadRow {
  if (!isObject(value)) return { id: place, reason: `must be an object, not ${shown(value)}` };
  const id = typeof value.id === 'string' || typeof value.id === 'number' ? value.id : '';
  const name = String(id) || place;
  try {
    return rowOf(value, name);
  } catch (error) {
    if (error instanceof WrongField) return { id: name, reason: error.message };
    throw error;
  }
}

/** What a run without a date is taken for: of the newest software that the fit tells apart. */
const newest = '2026-06';

function rowOf(row: Given, id: string): RunRow {
  const accelerator = needed(text(row, 'accelerator'), 'accelerator');
  const measured = part(row, 'measured') ?? {};
  const notes = text(row, 'notes');
  return {
    id,
    source: text(row, 'source') ?? '',
    date: text(row, 'date') ?? newest,
    framework: text(row, 'framework') ?? usualStack(accelerator),
    model: modelOf(needed(part(row, 'model'), 'model')),
    accelerator,
    count: needed(count(row, 'count'), 'count'),
    precision: text(row, 'precision') ?? 'bf16',
    tp: count(row, 'tp'),
    pp: count(row, 'pp'),
    dp: count(row, 'dp'),
    cp: count(row, 'cp'),
    ep: count(row, 'ep'),
    etp: count(row, 'etp'),
    vpp: count(row, 'vpp'),
    sharding: text(row, 'sharding'),
    // A part of a sequence where several chips share one.
    micro_batch: amount(row, 'micro_batch'),
    global_batch: count(row, 'global_batch'),
    recompute: text(row, 'recompute'),
    measured: {
      step_time_s: amount(measured, 'step_time_s', 'measured.'),
      tokens_per_s_per_chip: amount(measured, 'tokens_per_s_per_chip', 'measured.'),
      memory_gib: amount(measured, 'memory_gib', 'measured.'),
      out_of_memory: isOutOfMemory(measured, notes),
    },
    notes,
  };
}

/** `oom`, `out_of_memory`, or a note that says so where nothing was timed. */
function isOutOfMemory(measured: Given, notes: string | null): boolean {
  if (measured.oom === true || measured.out_of_memory === true) return true;
  const timed = measured.step_time_s ?? measured.tokens_per_s_per_chip ?? null;
  return timed === null && /\bOOM\b|out of memory/i.test(notes ?? '');
}

function usualStack(accelerator: string): string {
  if (/^TPU/i.test(accelerator)) return 'MaxText';
  return /^Trainium/i.test(accelerator) ? 'Neuron' : 'Megatron-LM';
}

function modelOf(model: Given): RunModel {
  const number = (name: keyof RunModel) => count(model, name, 'model.');
  return {
    name: text(model, 'name', 'model.') ?? 'unnamed',
    layers: number('layers'),
    hidden: number('hidden'),
    heads: number('heads'),
    kv_heads: number('kv_heads'),
    head_dim: number('head_dim'),
    ffn: number('ffn'),
    gated_ffn: flag(model, 'gated_ffn', 'model.'),
    vocab: number('vocab'),
    seq: number('seq'),
    notes: text(model, 'notes', 'model.'),
    experts: number('experts'),
    top_k: number('top_k'),
    moe_ffn: number('moe_ffn'),
    shared_experts: countOrNone(model, 'shared_experts', 'model.'),
    first_dense_layers: countOrNone(model, 'first_dense_layers', 'model.'),
    q_lora_rank: countOrNone(model, 'q_lora_rank', 'model.'),
    kv_lora_rank: number('kv_lora_rank'),
    qk_nope_head_dim: number('qk_nope_head_dim'),
    qk_rope_head_dim: countOrNone(model, 'qk_rope_head_dim', 'model.'),
    v_head_dim: number('v_head_dim'),
  };
}
