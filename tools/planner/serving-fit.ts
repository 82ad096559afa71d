// Fits the serving parameters: coordinate descent on the logarithms, with a robust loss that
// counts a pair of model and accelerator by the root of its runs, and a pull to where it began.

import { type ServingParameters, silicons, unfitted } from '@entrepot/planner/serve/parameters';
import { predictRun } from '@entrepot/planner/serve/predict-run';
import type { ServingRun } from '@entrepot/planner/serve/serving-run';

type Group = Record<string, number>;

interface Coordinate {
  readonly group: Group;
  readonly key: string;
  readonly start: number;
  readonly least: number;
  readonly most: number;
}

/** What a number can be and still mean what its name says. */
function bounds(key: string): [number, number] {
  if (/sharpness/i.test(key)) return [1.2, 6];
  if (key === 'usableMemoryShare') return [0.8, 0.95];
  if (key === 'matrixShare') return [0.1, 0.9];
  if (/(fourBitReads|fourBitExpertReads)/.test(key)) return [0.6, 3];
  if (key === 'graceHost') return [0.8, 3];
  if (/Share$|^interference$/.test(key)) return [0.02, 1];
  if (/(Growth|PerYear|Power)$/.test(key)) return [0.01, 1.3];
  return [1e-3, 1e4];
}

function coordinates(parameters: ServingParameters): Coordinate[] {
  const list: Coordinate[] = [];
  const add = (group: unknown, start: unknown): void => {
    for (const key of Object.keys(group as Group)) {
      const [least, most] = bounds(key);
      const at = (start as Group)[key]!;
      list.push({ group: group as Group, key, start: at, least, most });
    }
  };
  add(parameters.shared, unfitted.shared);
  for (const name of silicons) add(parameters.silicon[name], unfitted.silicon[name]);
  for (const name of Object.keys(parameters.engines)) {
    add(parameters.engines[name], unfitted.engines[name]);
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
    list.push({ kind: 'throughput', ratio, weight: run.task === null ? 1 : 0.5 });
  }
  return list;
}

function meanLoss(
  runs: readonly ServingRun[],
  pairWeight: ReadonlyMap<string, number>,
  parameters: ServingParameters,
): number {
  let sum = 0;
  let weights = 0;
  for (const run of runs) {
    const weight = pairWeight.get(run.pair)!;
    for (const measure of ratios(run, parameters)) {
      sum += weight * measure.weight * Math.abs(Math.log(measure.ratio));
      weights += weight * measure.weight;
    }
  }
  return sum / weights;
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
  const pairWeight = new Map([...counts].map(([pair, count]) => [pair, 1 / Math.sqrt(count)]));
  const list = coordinates(parameters);
  const steps = list.map(() => 0.25);
  const pull = (): number =>
    2e-4 * list.reduce((sum, c) => sum + Math.log(c.group[c.key]! / c.start) ** 2, 0);
  const loss = (): number => meanLoss(runs, pairWeight, parameters) + pull();
  let best = loss();
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = best;
    list.forEach(({ group, key, least, most }, i) => {
      const value = group[key]!;
      let moved = false;
      for (const sign of [1, -1]) {
        const next = Math.min(most, Math.max(least, value * Math.exp(sign * steps[i]!)));
        if (next === value) continue;
        group[key] = next;
        const tried = loss();
        if (tried < best) {
          best = tried;
          moved = true;
          break;
        }
        group[key] = value;
      }
      steps[i] = moved ? Math.min(0.5, steps[i]! * 1.3) : Math.max(0.004, steps[i]! * 0.5);
    });
    if (sweep > 12 && before - best < 3e-5) break;
  }
  return { parameters, loss: meanLoss(runs, pairWeight, parameters) };
}
