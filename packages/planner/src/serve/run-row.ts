// A row of a file of published serving runs, as such files come: names and nulls of the file are
// kept, what is of another type is said with its field.

import {
  amountOrNone,
  count,
  countOrNone,
  isObject,
  needed,
  part,
  text,
  WrongField,
} from '../row-fields.ts';

/** A row, as far as it is read here. */
export interface RunRow {
  readonly id: string;
  readonly source: string;
  readonly date: string | null;
  readonly engine: string;
  readonly model: string;
  readonly accelerator: string;
  readonly count: number | null;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly ep: number | null;
  readonly precision: string;
  readonly kv_cache_precision: string | null;
  readonly input_len: number | null;
  readonly output_len: number | null;
  readonly batch: number | null;
  readonly concurrency: number | null;
  readonly mode: string;
  readonly notes?: string | null;
  readonly measured: {
    readonly output_tokens_per_s: number | null;
    readonly ttft_ms_p50: number | null;
    readonly tpot_ms_p50: number | null;
  };
}

/** A row that is not of the form, named as far as it can be. */
export interface MalformedRow {
  readonly id: string;
  readonly accelerator: string;
  readonly reason: string;
}

/** Whether a value is meant as a serving run: training runs have neither a mode nor lengths. */
export function isServingRow(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || 'global_batch' in row) return false;
  return 'mode' in row || 'input_len' in row || 'output_len' in row;
}

/** Reads a row; fields that are not there are null. `position` counts from 1 and names it. */
export function readRunRow(row: unknown, position: number): RunRow | MalformedRow {
  const fields = isObject(row) ? row : {};
  const id = typeof fields.id === 'string' && fields.id !== '' ? fields.id : `row ${position}`;
  try {
    const measured = part(fields, 'measured') ?? {};
    const figure = (name: string) => amountOrNone(measured, name, 'measured.');
    return {
      id,
      source: text(fields, 'source') ?? '',
      date: text(fields, 'date'),
      engine: text(fields, 'engine') ?? '',
      model: needed(text(fields, 'model'), 'model'),
      accelerator: needed(text(fields, 'accelerator'), 'accelerator'),
      count: count(fields, 'count'),
      tp: count(fields, 'tp'),
      pp: count(fields, 'pp'),
      ep: countOrNone(fields, 'ep'),
      precision: needed(text(fields, 'precision'), 'precision'),
      kv_cache_precision: text(fields, 'kv_cache_precision'),
      input_len: count(fields, 'input_len'),
      output_len: count(fields, 'output_len'),
      batch: countOrNone(fields, 'batch'),
      concurrency: count(fields, 'concurrency'),
      mode: text(fields, 'mode') ?? '',
      notes: text(fields, 'notes'),
      measured: {
        output_tokens_per_s: figure('output_tokens_per_s'),
        ttft_ms_p50: figure('ttft_ms_p50'),
        tpot_ms_p50: figure('tpot_ms_p50'),
      },
    };
  } catch (error) {
    if (!(error instanceof WrongField)) throw error;
    const accelerator = typeof fields.accelerator === 'string' ? fields.accelerator : '';
    return { id, accelerator, reason: error.message };
  }
}
