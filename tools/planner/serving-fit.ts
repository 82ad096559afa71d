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
  if (key === 'matrixShare') return [0.1, 1.2];
  if (/(fourBitReads|fourBitExpertReads)/.test(key)) return [0.8, 3];
  if (key === 'routingSpread') return [0.2, 1];
  if (key === 'collectiveFactor') return [0.4, 2.5];
  if (key === 'alikeTogether') return [1, 4];
  if (key === 'waitSteps') return [0.5, 30];
  if (key === 'graceHost') return [0.8, 3];
  if (/^(eight|four)BitShare$/.test(key)) return [0.3, 1.5];
  if (key === 'fourBitExpertSpeed') return [0.3, 3];
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
    list.push({ kind: 'ttft', ratio, weight: 1 });
  }
  // A static batch's throughput follows from its two times where those are given.
  const own = measured.tpot_ms_p50 === null || !steady;
  if (measured.output_tokens_per_s !== null && own) {
    const ratio = prediction.tokensPerSecond / measured.output_tokens_per_s;
    list.push({ kind: 'throughput', ratio, weight: run.task === null ? 1.5 : 0.75 });
  }
  return list;
}

/**
 * First tokens that nothing is learnt from, though they count in the errors: in the sweep of a
 * dense model with TensorRT-LLM 1.0.0rc3 they wait for a request's whole output over the
 * concurrency, 550 ms at 8 and 226 ms at 32. The sweep of a model with experts has no such wait.
 */
function oddFirstToken({ row, instance }: ServingRun): boolean {
  return row.engine === 'trtllm 1.0.0rc3' && instance.shape.experts === null;
}

/** |log(predicted / measured)| of a run's measures, weighted and added. */
function lossOf(run: ServingRun, parameters: ServingParameters): number {
  let sum = 0;
  for (const { kind, ratio, weight } of ratios(run, parameters)) {
    if (kind === 'ttft' && oddFirstToken(run)) continue;
    sum += weight * Math.abs(Math.log(ratio));
  }
  return sum;
}

/** Mean |log(predicted / measured)| after the fit, and the parameters. */
export interface Fitted {
  readonly parameters: ServingParameters;
  readonly loss: number;
}

/** What a fit holds while it moves: parameters in place, and the loss of every run. */
interface Descent {
  readonly runs: readonly ServingRun[];
  readonly parameters: ServingParameters;
  readonly weights: readonly number[];
  readonly losses: number[];
}

/** Fits to runs, from `from` on. */
export function fitServing(
  runs: readonly ServingRun[],
  sweeps: number,
  from: ServingParameters = unfitted,
): Fitted {
  const parameters = structuredClone(from);
  const weights = weightsOf(runs, parameters);
  const losses = runs.map((run, i) => weights[i]! * lossOf(run, parameters));
  const descent = { runs, parameters, weights, losses };
  const list = coordinates(parameters).map(coordinate => ({
    ...coordinate,
    runs: runs.flatMap((run, i) => (coordinate.concerns(run) ? [i] : [])),
    step: 0.25,
  }));
  const trades = tradesOf(list);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = sumOf(losses);
    for (const coordinate of list) {
      const moved = [1, -1].some(sign => tryMove(descent, [[coordinate, sign * coordinate.step]]));
      coordinate.step = moved
        ? Math.min(0.5, coordinate.step * 1.3)
        : Math.max(0.004, coordinate.step * 0.5);
    }
    for (const [one, other] of trades) {
      for (const sign of [1, -1]) {
        const move: Move = [
          [one, sign * trade],
          [other, -sign * trade],
        ];
        if (tryMove(descent, move)) break;
      }
    }
    if (sweep > 12 && before - sumOf(losses) < 3e-5) break;
  }
  return { parameters, loss: sumOf(losses) };
}

/** A pair of model and accelerator counts by the root of its runs; all together count 1. */
function weightsOf(runs: readonly ServingRun[], parameters: ServingParameters): number[] {
  const counts = new Map<string, number>();
  for (const { pair } of runs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const own = runs.map(({ pair }) => 1 / Math.sqrt(counts.get(pair)!));
  const total = runs.reduce((sum, run, i) => {
    const kinds = ratios(run, parameters).reduce((all, { weight }) => all + weight, 0);
    return sum + own[i]! * kinds;
  }, 0);
  return own.map(weight => weight / total);
}

type Placed = Coordinate & { readonly runs: readonly number[] };
type Move = readonly (readonly [Placed, number])[];

/** Loss of a parameter that is e times where it began; 2e-4 and 3e-3 did worse on unseen pairs. */
const pull = 1e-3;

/** How far one parameter rises while another falls. */
const trade = 0.2;

/** Times that stand in for each other: one is found wrong only when the other moves with it. */
function tradesOf(list: readonly Placed[]): [Placed, Placed][] {
  const times =
    /^(request|promptLayer|promptExpertLayer|waitSteps|stream|host|layerUs|expertLayerUs)/;
  const own = list.filter(({ key, runs }) => times.test(key) && runs.length > 0);
  return own.flatMap((one, i) =>
    own.slice(i + 1).flatMap((other): [Placed, Placed][] => {
      const first = /^(request|prompt|wait|stream)/;
      const alike = one.group === other.group && first.test(one.key) === first.test(other.key);
      return alike ? [[one, other]] : [];
    }),
  );
}

/** Moves parameters by logarithms, and back again unless that lowers the loss. */
function tryMove({ runs, parameters, weights, losses }: Descent, move: Move): boolean {
  const pullOf = (value: number, start: number): number => pull * Math.log(value / start) ** 2;
  const old = move.map(([{ group, key }]) => group[key]!);
  let change = 0;
  move.forEach(([{ group, key, least, most, start }, by], i) => {
    group[key] = Math.min(most, Math.max(least, old[i]! * Math.exp(by)));
    change += pullOf(group[key]!, start) - pullOf(old[i]!, start);
  });
  const [[{ runs: concerned }]] = move as readonly [readonly [Placed, number]];
  if (move.some(([{ group, key }], i) => group[key] !== old[i]) && concerned.length > 0) {
    const tried = concerned.map(i => weights[i]! * lossOf(runs[i]!, parameters));
    concerned.forEach((i, at) => {
      change += tried[at]! - losses[i]!;
    });
    if (change < 0) {
      concerned.forEach((i, at) => {
        losses[i] = tried[at]!;
      });
      return true;
    }
  }
  move.forEach(([{ group, key }], i) => {
    group[key] = old[i]!;
  });
  return false;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
