// One work on all sides that can do it, in turn, several rounds: medians of each.

import type { LoadInput } from './load/load.ts';
import { median, type Quantiles } from './load/quantiles.ts';
import { capacity, load, type Sample, sample, warmUpSeconds } from './measure.ts';
import { less, type Row } from './result.ts';
import type { Ask } from './side.ts';
import { direct } from './sides/node.ts';
import type { Started } from './started.ts';
import { unitsOf, type Work } from './works.ts';

const lowRate = 20;
const callerCounts = [1, 4, 16];

interface Runs {
  readonly started: Started;
  readonly ask: Ask;
  /** Requests per second at half of what it can take; null where streams are paced. */
  readonly rate: number | null;
  readonly capacity: number | null;
  readonly samples: Sample[];
  /** Without a proxy, at the same rate. */
  readonly without: Sample[];
}

export async function compare(
  all: readonly Started[],
  work: Work,
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
): Promise<Row[]> {
  const isPaced = work.stream !== null && work.stream.paceMs > 0;
  const floor = all.find(one => one.side === direct)!;
  const runs: Runs[] = [];
  for (const started of all) {
    const ask = started.running.ask(work);
    if (ask === null || started === floor) continue;
    tell(work, started, 'warming up');
    await load({ ...ask, connections: work.connections, rate: null, seconds: warmUpSeconds });
    const most = isPaced ? null : await capacity(ask, work, seconds);
    // One that keeps no rate is measured at a low one.
    const rate = most === null ? null : Math.max(most / 2, lowRate);
    runs.push({ started, ask, rate, capacity: most, samples: [], without: [] });
  }
  for (let round = 1; round <= rounds; round++) {
    for (const run of runs) {
      tell(work, run.started, `round ${round} of ${rounds}`);
      run.samples.push(await once(run.started, run.ask, run.rate, work, seconds));
      const ask = floor.running.ask(work)!;
      run.without.push(await once(floor, ask, run.rate, work, seconds));
    }
  }
  const rows: Row[] = [];
  for (const run of runs) rows.push(rowOf(run, work, await fewCallers(run, floor, work, seconds)));
  return rows;
}

function once(
  { running }: Started,
  ask: Ask,
  rate: number | null,
  work: Work,
  seconds: number,
): Promise<Sample> {
  const connections = rate === null ? work.connections : 256;
  const input: LoadInput = { ...ask, connections, rate, seconds };
  return sample(running.process.pid!, work, input);
}

/** What one, four and sixteen callers wait longer that each wait for their answer. */
async function fewCallers(
  run: Runs,
  floor: Started,
  work: Work,
  seconds: number,
): Promise<Row['sequential']> {
  if (work.stream !== null) return [];
  tell(work, run.started, 'few callers');
  const found: { callers: number; addedMs: Quantiles }[] = [];
  for (const callers of callerCounts) {
    const input = { connections: callers, rate: null, seconds: seconds / 2 };
    const without = await load({ ...floor.running.ask(work)!, ...input });
    const result = await load({ ...run.ask, ...input });
    found.push({ callers, addedMs: less(result.totalMs, without.totalMs) });
  }
  return found;
}

function rowOf(run: Runs, work: Work, sequential: Row['sequential']): Row {
  const { samples, without } = run;
  const of = (read: (sample: Sample) => number): number => median(samples.map(read));
  const quantiles = (read: (sample: Sample) => Quantiles): Quantiles =>
    less(medians(samples.map(read)), medians(without.map(read)));
  return {
    work: work.name,
    side: run.started.side.name,
    unit: unitsOf(work).name,
    requestsPerSecond: run.capacity,
    cpuUs: of(s => s.cpuUs),
    rate: run.rate,
    addedMs: quantiles(s => s.totalMs),
    addedFirstByteMs: quantiles(s => s.firstByteMs),
    sequential,
    rssBytes: Math.max(...samples.map(s => s.rssBytes)),
    failures: samples.reduce((sum, s) => sum + s.failures, 0),
  };
}

function medians(all: readonly Quantiles[]): Quantiles {
  const of = (key: keyof Quantiles): number => median(all.map(q => q[key]));
  return { p50: of('p50'), p95: of('p95'), p99: of('p99'), p999: of('p999') };
}

function tell(work: Work, { side }: Started, what: string): void {
  process.stderr.write(`${work.name}: ${side.name}: ${what}\n`);
}
