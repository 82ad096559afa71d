// Replays a comparison's seeds in a pool of threads, shows how far it is, and heeds Ctrl-C.

import { availableParallelism } from 'node:os';
import type { RunResult } from '@entrepot/replay/what-if/case';
import type { Performance } from '@entrepot/replay/what-if/report';
import { stagesTo } from '@entrepot/replay/what-if/runs';
import { type Output, UsageError } from '../command.ts';
import { stopSignal } from '../stop-signal.ts';
import { Board } from './board.ts';
import { type Compared, openComparison } from './comparison.ts';
import { fitLedger } from './fit-ledger.ts';
import { Progress } from './progress.ts';
import type { SeedResult } from './replay-seed.ts';
import type { SeedTask } from './seed-worker.ts';
import { ledgerOf } from './traffic-file.ts';
import type { WhatIfSpec } from './what-if-spec.ts';

export interface Replayed {
  readonly compared: Compared;
  readonly results: readonly RunResult[];
  /** It was broken off: some seeds are missing, or the last of the traffic. */
  readonly isPartial: boolean;
  readonly performance: Performance;
}

/** `file` is where the traffic is. Throws UsageError. */
export async function compare(
  asked: WhatIfSpec,
  file: string,
  seeds: readonly number[],
  threads: number | null,
  output: Output,
): Promise<Replayed> {
  const spec = await fitted(asked, file);
  const { traffic, base, scenarios, close } = await openComparison(spec, file);
  close();
  const compared = { traffic, base, scenarios };
  const replays = 1 + scenarios.reduce((sum, one) => sum + stagesTo(base, one).length, 0);
  const { requests } = traffic;
  const all = requests === null ? null : requests * replays * seeds.length;
  const board = new Board();
  const progress = new Progress(output, all, () => board.replayed);
  stopSignal().then(() => board.stop());
  const found = await inThreads(spec, file, seeds, threads, board).finally(() => progress.end());
  const performance = {
    requestsPerSecond: Math.round(board.replayed / progress.seconds),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  return { compared, ...usable(found, seeds.length), performance };
}

/** With what its ledger tells of the upstreams. */
async function fitted(spec: WhatIfSpec, file: string): Promise<WhatIfSpec> {
  const db = spec.fit ?? ledgerOf(spec);
  if (db === null || db === 'none') return spec;
  const { base, close } = await openComparison(spec, file);
  close();
  const all = base.routes.flatMap(route => route.deployments);
  const deployments = [...new Map(all.map(deployment => [deployment.id, deployment])).values()];
  return { ...spec, upstreams: await fitLedger(db, deployments) };
}

async function inThreads(
  spec: WhatIfSpec,
  file: string,
  seeds: readonly number[],
  threads: number | null,
  board: Board,
): Promise<SeedResult[]> {
  const maxThreads = Math.min(threads ?? availableParallelism(), seeds.length);
  const Piscina = await loadPool();
  const pool = new Piscina({
    filename: new URL('./seed-worker.ts', import.meta.url).href,
    minThreads: maxThreads,
    maxThreads,
    name: 'replayTask' satisfies keyof typeof import('./seed-worker.ts'),
    // A thread that waits for its next seed shall not be ended: it holds the traffic.
    idleTimeout: Number.POSITIVE_INFINITY,
    // What requests under way hold is copied at each small collection: let there be fewer of them.
    resourceLimits: { maxYoungGenerationSizeMb: 192 },
  });
  try {
    const tasks = seeds.map((seed): SeedTask => ({ spec, file, seed, board: board.memory }));
    const found = await Promise.all(tasks.map(task => pool.run(task)));
    return found.filter(result => result !== null);
  } finally {
    await pool.destroy();
  }
}

async function loadPool(): Promise<typeof import('piscina').Piscina> {
  try {
    return (await import('piscina')).Piscina;
  } catch {
    const hint = 'Install it beside entrepot: npm install piscina';
    throw new UsageError(`replays run in threads by piscina, which is not here. ${hint}`);
  }
}

/** Whole seeds; where there is none, the one that came furthest. */
function usable(
  found: readonly SeedResult[],
  wanted: number,
): Pick<Replayed, 'results' | 'isPartial'> {
  const whole = found.filter(result => result.isWhole);
  if (whole.length > 0) {
    return { results: whole.flatMap(result => result.runs), isPartial: whole.length < wanted };
  }
  const furthest = found.toSorted((a, b) => b.requests - a.requests)[0];
  if (furthest === undefined || furthest.requests === 0) {
    throw new UsageError('stopped before anything was replayed', 130);
  }
  return { results: furthest.runs, isPartial: true };
}
