// Fits the serving parameters: coordinate descent on the logarithms, with a robust loss that
// counts a pair of model and accelerator by the root of its runs, and a pull to where it began.

import {
  type ServingParameters,
  siliconOf,
  silicons,
  unfitted,
} from '@entrepot/planner/serve/parameters';
import { predictRun } from '@entrepot/planner/serve/predict-run';
import type { ServingRun } from '@entrepot/planner/serve/serving-run';

type Group = Record<string, number>;

interface Coordinate {
  readonly group: Group;
  /** Which runs it has a part in. */
  readonly concerns: (run: ServingRun) => boolean;
  readonly key: string;
  readonly start: number;
  readonly least: number;
  readonly most: number;
}

/** What a number can be and still mean what its name says. */
function bounds(key: string): [number, number] {
  if (/sharpness/i.test(key)) return [1.2, 6];
  if (key === 'usableMemoryShare') return [0.8, 0.95];
  if (key === 'workspaceGb') return [0.5, 12];
  if (key === 'matrixShare') return [0.1, 0.9];
  if (/(fourBitReads|fourBitExpertReads)/.test(key)) return [0.8, 3];
  if (key === 'routingSpread') return [0.2, 1];
  if (key === 'collectiveFactor') return [0.4, 2.5];
  if (key === 'graceHost') return [0.8, 3];
  if (/Share$|^interference$/.test(key)) return [0.02, 1];
  if (/(Growth|PerYear|Power)$/.test(key)) return [0.01, 1.3];
  return [1e-3, 1e4];
}

function coordinates(parameters: ServingParameters): Coordinate[] {
  const list: Coordinate[] = [];
  const add = (group: unknown, start: unknown, concerns: Coordinate['concerns']): void => {
    for (const key of Object.keys(group as Group)) {
      const [least, most] = bounds(key);
      const at = (start as Group)[key]!;
      list.push({ group: group as Group, concerns, key, start: at, least, most });
    }
  };
  add(parameters.shared, unfitted.shared, () => true);
  for (const name of silicons) {
    const concerns = (run: ServingRun): boolean => siliconOf(run.instance.chip.id) === name;
    add(parameters.silicon[name], unfitted.silicon[name], concerns);
  }
  for (const name of Object.keys(parameters.engines)) {
    const concerns = (run: ServingRun): boolean => run.instance.engine === name;
    add(parameters.engines[name], unfitted.engines[name], concerns);
  }
  return list;
}

/** Measures of a run: predicted over measured, and how much each counts. */
export function ratios(
  run: ServingRun,
  parameters: ServingParameters,
): { kind: 'tpot' | 'ttft' | 'throughput'; ratio: number; weight: number }[] {
  const { measured } = run.row;
  const prediction = predictRun(run, parameters);
  const list: ReturnType<typeof ratios> = [];
  const steady = run.load === 'concurrent' || run.load === 'static';
  if (measured.tpot_ms_p50 !== null && steady) {
    const ratio = prediction.tpotMs / measured.tpot_ms_p50;
    list.push({ kind: 'tpot', ratio, weight: 1 });
  }
  if (measured.ttft_ms_p50 !== null && prediction.ttftMs !== null) {
    const ratio = prediction.ttftMs / measured.ttft_ms_p50;
    list.push({ kind: 'ttft', ratio, weight: 0.5 });
  }
  // A static batch's throughput follows from its two times where those are given.
  const own = measured.tpot_ms_p50 === null || !steady;
  if (measured.output_tokens_per_s !== null && own) {
    const ratio = prediction.tokensPerSecond / measured.output_tokens_per_s;
    list.push({ kind: 'throughput', ratio, weight: run.task === null ? 1.5 : 0.75 });
  }
  return list;
}

/** |log(predicted / measured)| of a run's measures, weighted and added. */
function lossOf(run: ServingRun, parameters: ServingParameters): number {
  let sum = 0;
  for (const { ratio, weight } of ratios(run, parameters))
    sum += weight * Math.abs(Math.log(ratio));
  return sum;
}

/** Mean |log(predicted / measured)| after the fit, and the parameters. */
export interface Fitted {
  readonly parameters: ServingParameters;
  readonly loss: number;
}

/** Fits to runs, from `from` on. */
export function fitServing(
  runs: readonly ServingRun[],
  sweeps: number,
  from: ServingParameters = unfitted,
): Fitted {
  const parameters = structuredClone(from);
  const counts = new Map<string, number>();
  for (const { pair } of runs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const weights = runs.map(({ pair }) => 1 / Math.sqrt(counts.get(pair)!));
  const total = runs.reduce((sum, run, i) => {
    const own = ratios(run, parameters).reduce((all, { weight }) => all + weight, 0);
    return sum + weights[i]! * own;
  }, 0);
  const list = coordinates(parameters).map(coordinate => ({
    ...coordinate,
    runs: runs.flatMap((run, i) => (coordinate.concerns(run) ? [i] : [])),
    step: 0.25,
  }));
  const pullOf = (value: number, start: number): number => 2e-4 * Math.log(value / start) ** 2;
  const losses = runs.map((run, i) => (weights[i]! * lossOf(run, parameters)) / total);
  let best = losses.reduce((a, b) => a + b, 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = best;
    for (const coordinate of list) {
      const { group, key, least, most, start } = coordinate;
      const value = group[key]!;
      let moved = false;
      for (const sign of [1, -1]) {
        const next = Math.min(most, Math.max(least, value * Math.exp(sign * coordinate.step)));
        if (next === value || coordinate.runs.length === 0) continue;
        group[key] = next;
        let change = pullOf(next, start) - pullOf(value, start);
        const tried = coordinate.runs.map(i => {
          const loss = (weights[i]! * lossOf(runs[i]!, parameters)) / total;
          change += loss - losses[i]!;
          return loss;
        });
        if (change < 0) {
          best += change;
          coordinate.runs.forEach((i, at) => {
            losses[i] = tried[at]!;
          });
          moved = true;
          break;
        }
        group[key] = value;
      }
      coordinate.step = moved
        ? Math.min(0.5, coordinate.step * 1.3)
        : Math.max(0.004, coordinate.step * 0.5);
    }
    if (sweep > 12 && before - best < 3e-5) break;
  }
  return { parameters, loss: losses.reduce((a, b) => a + b, 0) };
}
