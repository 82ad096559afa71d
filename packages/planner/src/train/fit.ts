// Fits parameters to published runs: coordinate descent in the logarithm on the mean |log error|,
// each factor held near 1 by a small penalty, so that a chip with few runs stays with its family.

import type { Chip } from '../chip.ts';
import type { Layout } from '../layout.ts';
import { type Factor, type Fitted, namesOf, type Setting, withFactors } from './fitted.ts';
import { predictRun } from './predict-run.ts';
import type { PublishedRun } from './published-run.ts';
import type { StepParameter, StepParameters } from './step-parameters.ts';

/** A run with all that does not change while fitting. */
export interface FitRun {
  readonly run: PublishedRun;
  readonly chip: Chip;
  readonly layouts: readonly Layout[];
  readonly setting: Setting;
  /** Accelerator and model: what is left out together. */
  readonly pair: string;
  readonly weight: number;
}

/** What may move: a parameter of the base, or a factor. */
export interface Dial {
  readonly level: 'base' | Factor['level'];
  readonly of: string;
  readonly parameter: StepParameter;
}

export interface FitOptions {
  readonly sweeps: number;
  /** Loss per unit of |log factor|, over the mean of all runs, by level. */
  readonly penalty: Readonly<Record<Factor['level'], number>>;
  /** Multiple of it for parameters of which most runs say little. */
  readonly stiffness: Partial<Readonly<Record<StepParameter, number>>>;
  /** What is known of factors beforehand, where it is not that they are 1. */
  readonly known: readonly Factor[];
  /** Bounds of base parameters. */
  readonly bounds: Partial<Readonly<Record<StepParameter, readonly [number, number]>>>;
}

/** |log(predicted / measured)|, the large ones damped so that no odd run leads. */
export function runLoss(fitRun: FitRun, parameters: StepParameters): number {
  const found = predictRun(fitRun.run, fitRun.chip, parameters, fitRun.layouts);
  if ('reason' in found) return 0;
  const error = Math.abs(Math.log(found.predicted / found.measured));
  const unfit = found.step.memory.fits ? 0 : 0.05;
  return Math.min(error, 0.4) + 0.25 * Math.max(0, error - 0.4) + unfit;
}

/** Moves the dials from a start to less loss. */
export function fit(
  start: Fitted,
  runs: readonly FitRun[],
  dials: readonly Dial[],
  options: FitOptions,
): Fitted {
  const base: Record<StepParameter, number> = { ...start.base };
  const factors = new Map<string, Factor>();
  for (const factor of start.factors) factors.set(keyOf(factor), factor);
  const priors = new Map(options.known.map(factor => [keyOf(factor), factor.factor]));
  const affected = dials.map(dial => runs.filter(run => applies(dial, run)));
  const own = new Map(runs.map(run => [run, keysOf(run, [...start.factors, ...dials])]));
  const lossOf = (run: FitRun): number => {
    const applied = own.get(run)!.flatMap(key => factors.get(key) ?? []);
    return runLoss(run, withFactors(base, applied));
  };
  const losses = new Map<FitRun, number>();
  for (const run of runs) losses.set(run, lossOf(run));
  const steps = dials.map(() => 0.15);
  const total = runs.reduce((sum, run) => sum + run.weight, 0);
  for (let sweep = 0; sweep < options.sweeps; sweep++) {
    dials.forEach((dial, i) => {
      const touched = affected[i]!;
      if (touched.length === 0 || steps[i]! < 0.002) return;
      const value = currentValue(dial, base, factors);
      const before = touched.reduce((sum, run) => sum + run.weight * losses.get(run)!, 0);
      const least = before + total * penaltyOf(dial, value, priors, options);
      const tries = [Math.exp(steps[i]!), Math.exp(-steps[i]!)];
      for (const scale of tries) {
        const moved = clamp(dial, value * scale, options);
        if (moved === value) continue;
        setValue(dial, moved, base, factors);
        const found = touched.map(lossOf);
        const after = touched.reduce((sum, run, r) => sum + run.weight * found[r]!, 0);
        if (after + total * penaltyOf(dial, moved, priors, options) < least - 1e-9) {
          touched.forEach((run, r) => {
            losses.set(run, found[r]!);
          });
          steps[i] = Math.min(0.4, steps[i]! * 1.5);
          return;
        }
      }
      setValue(dial, value, base, factors);
      steps[i]! *= 0.5;
    });
  }
  const sum = runs.reduce((all, run) => all + run.weight * losses.get(run)!, 0);
  const found = { base: { ...base }, factors: [...factors.values()] };
  return { ...start, ...found, rows: runs.length, loss: sum / total };
}

function keyOf(dial: { readonly level: string; readonly of: string; readonly parameter: string }) {
  return `${dial.level} ${dial.of} ${dial.parameter}`;
}

function applies(dial: Dial, run: FitRun): boolean {
  return dial.level === 'base' || namesOf(run.setting)[dial.level] === dial.of;
}

/** Keys of the factors that a run has, each once. */
function keysOf(run: FitRun, dials: readonly (Dial | Factor)[]): string[] {
  const own = dials.filter(dial => dial.level !== 'base' && applies(dial, run));
  return [...new Set(own.map(keyOf))];
}

type Base = Record<StepParameter, number>;

function currentValue(dial: Dial, base: Base, factors: Map<string, Factor>): number {
  if (dial.level === 'base') return base[dial.parameter];
  return factors.get(keyOf(dial))?.factor ?? 1;
}

function setValue(dial: Dial, value: number, base: Base, factors: Map<string, Factor>): void {
  if (dial.level === 'base') base[dial.parameter] = value;
  else factors.set(keyOf(dial), { ...dial, level: dial.level, factor: value });
}

/** A factor is held near what is known of it beforehand: 1, or what the fit starts with. */
function penaltyOf(
  dial: Dial,
  value: number,
  priors: ReadonlyMap<string, number>,
  options: FitOptions,
): number {
  if (dial.level === 'base') return 0;
  const each = options.penalty[dial.level] * (options.stiffness[dial.parameter] ?? 1);
  return each * Math.abs(Math.log(value / (priors.get(keyOf(dial)) ?? 1)));
}

function clamp(dial: Dial, value: number, options: FitOptions): number {
  if (dial.level !== 'base') return Math.min(1000, Math.max(0.02, value));
  const [low, high] = options.bounds[dial.parameter] ?? [1e-9, 1e12];
  return Math.min(high, Math.max(low, value));
}
