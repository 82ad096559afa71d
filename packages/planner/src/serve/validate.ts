// The serving physics against published runs: each run predicted with what it was measured at, and
// the errors summed up by what the runs have in common. A run that cannot be judged is listed with
// the reason.

import type { Chip } from '../chip.ts';
import type { ModelEntry } from '../model-entry.ts';
import { instanceChips } from './instance.ts';
import type { ServingParameters } from './parameters.ts';
import { predictRun } from './predict-run.ts';
import type { ErrorSummary } from './read-parameters.ts';
import { readRunRow } from './run-row.ts';
import { readServingRun, type ServingRun } from './serving-run.ts';

export type Measure = 'tpotMs' | 'ttftMs' | 'tokensPerSecond';
export const measures: readonly Measure[] = ['tpotMs', 'ttftMs', 'tokensPerSecond'];

export type Measures = Readonly<Record<Measure, number | null>>;

export interface ValidatedRun {
  readonly id: string;
  readonly accelerator: string;
  /** `model @ accelerator`; null where it could not be read. */
  readonly pair: string | null;
  /** null: it could not be judged, for this reason. */
  readonly reason: string | null;
  readonly predicted: (Measures & { readonly memoryBytes: number; readonly fits: boolean }) | null;
  readonly measured: Measures;
  /** Predicted over measured, less 1. */
  readonly error: Measures | null;
  /** The row had no whole layout: the best that was found is predicted. */
  readonly planned: boolean;
  /** How columns were read that do not mean what they say. */
  readonly remarks: readonly string[];
  readonly groups: Readonly<Record<RunGroup, string>> | null;
}

export type RunGroup = 'accelerator' | 'engine' | 'kind' | 'chips' | 'precision' | 'load';

export interface GroupSummary extends ErrorSummary {
  readonly by: RunGroup | 'all';
  readonly name: string;
  readonly measure: Measure;
  readonly pairs: number;
  /** Runs predicted not to fit in memory. */
  readonly failures: number;
}

export interface ServingValidation {
  readonly summary: {
    readonly runs: number;
    readonly judged: number;
    /** Share of the judged runs that were predicted to fit in memory. All of them did run. */
    readonly fitShare: number;
    readonly groups: readonly GroupSummary[];
  };
  readonly runs: readonly ValidatedRun[];
}

/** Predicts every row and sums the errors up. */
export function validateServing(
  rows: readonly unknown[],
  entries: readonly ModelEntry[],
  chips: ReadonlyMap<string, Chip>,
  parameters: ServingParameters,
): ServingValidation {
  const runs = rows.map((row, i) => validateRow(row, i + 1, entries, chips, parameters));
  const judged = runs.filter(run => run.predicted !== null);
  const fitting = judged.filter(run => run.predicted!.fits).length;
  return {
    summary: {
      runs: runs.length,
      judged: judged.length,
      fitShare: judged.length === 0 ? 0 : fitting / judged.length,
      groups: summarize(judged),
    },
    runs,
  };
}

function validateRow(
  value: unknown,
  position: number,
  entries: readonly ModelEntry[],
  chips: ReadonlyMap<string, Chip>,
  parameters: ServingParameters,
): ValidatedRun {
  const nothing = { predicted: null, error: null, planned: false, remarks: [], groups: null };
  const row = readRunRow(value, position);
  if ('reason' in row) return { ...row, pair: null, measured: unmeasured, ...nothing };
  const measured: Measures = {
    tpotMs: row.measured.tpot_ms_p50,
    ttftMs: row.measured.ttft_ms_p50,
    tokensPerSecond: row.measured.output_tokens_per_s,
  };
  const run = readServingRun(row, entries, chips);
  if (typeof run === 'string') {
    const { id, accelerator } = row;
    return { id, accelerator, pair: null, reason: run, measured, ...nothing };
  }
  const prediction = predictRun(run, parameters);
  const { tokensPerSecond, ttftMs, tpotMs, memoryBytes, fits } = prediction;
  // Under a limit the time per token was set, not found.
  const limited = run.load === 'server' || run.load === 'interactive';
  const predicted = { tokensPerSecond, ttftMs, tpotMs: limited ? null : tpotMs, memoryBytes, fits };
  const error = Object.fromEntries(
    measures.map(measure => [measure, errorOf(predicted[measure], measured[measure])]),
  ) as Record<Measure, number | null>;
  return {
    id: row.id,
    accelerator: row.accelerator,
    pair: run.pair,
    reason: null,
    predicted,
    measured,
    error,
    planned: run.planned,
    remarks: run.remarks,
    groups: groupsOf(run),
  };
}

const unmeasured: Measures = { tpotMs: null, ttftMs: null, tokensPerSecond: null };

function errorOf(predicted: number | null, measured: number | null): number | null {
  return predicted === null || measured === null || measured === 0
    ? null
    : predicted / measured - 1;
}

function groupsOf({ row, instance, replicas, load }: ServingRun): Record<RunGroup, string> {
  const chips = instanceChips(instance.layout) * replicas;
  return {
    accelerator: row.accelerator,
    engine: instance.engine,
    kind: instance.shape.experts === null ? 'dense' : 'mixture of experts',
    chips: chips === 1 ? '1' : chips <= 4 ? '2-4' : chips <= 8 ? '5-8' : 'more than 8',
    precision: instance.precision,
    load,
  };
}

function summarize(runs: readonly ValidatedRun[]): GroupSummary[] {
  const list: GroupSummary[] = [];
  const add = (by: GroupSummary['by'], name: string, of: readonly ValidatedRun[]): void => {
    for (const measure of measures) {
      const own = of.filter(run => run.error![measure] !== null);
      if (own.length === 0) continue;
      const errors = summaryOf(own.map(run => run.error![measure]!));
      const pairs = new Set(own.map(run => run.pair)).size;
      const failures = own.filter(run => !run.predicted!.fits).length;
      list.push({ by, name, measure, ...errors, pairs, failures });
    }
  };
  add('all', 'all runs', runs);
  const first = runs[0]?.groups;
  for (const by of Object.keys(first ?? {}) as RunGroup[]) {
    const names = [...new Set(runs.map(run => run.groups![by]))].sort();
    for (const name of names)
      add(
        by,
        name,
        runs.filter(run => run.groups![by] === name),
      );
  }
  return list;
}

/** Median and 90th percentile of the absolute errors, and the median of the signed ones. */
export function summaryOf(errors: readonly number[]): ErrorSummary {
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  const signed = errors.toSorted((a, b) => a - b);
  const at = (list: readonly number[], share: number): number =>
    list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  return {
    runs: errors.length,
    median: at(sizes, 0.5),
    p90: at(sizes, 0.9),
    bias: at(signed, 0.5),
  };
}
