// The measurements of one side at one work: what it can take, what a request costs at half of that,
// and what it adds to the latency of few callers.

import { join } from 'node:path';
import { loadCpu, startChild } from './child.ts';
import { treeCpuUs, treeRssBytes } from './cpu-time.ts';
import type { LoadInput, LoadResult } from './load/load.ts';
import type { Ask } from './side.ts';
import { unitsOf, type Work } from './works.ts';

/**
 * Closed-loop, until V8 has compiled what is hot: its compiler's threads are counted with the rest.
 * After 4 s they still took a fifth of a request's time, after 15 next to nothing.
 */
export const warmUpSeconds = 15;

/** Above this a rate counts as more than a side can take. */
export const boundMs = 50;

export interface Sample extends LoadResult {
  /** CPU time of the whole process tree per unit of the work. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

export async function load(input: LoadInput): Promise<LoadResult> {
  const script = join(import.meta.dirname, 'load/load.ts');
  const child = startChild([process.execPath, script], {
    cpu: loadCpu,
    input: JSON.stringify(input),
  });
  let text = '';
  for await (const bytes of child.stdout!) text += bytes;
  return JSON.parse(text) as LoadResult;
}

export async function sample(pid: number, work: Work, input: LoadInput): Promise<Sample> {
  const before = treeCpuUs(pid);
  const result = await load(input);
  const units = (result.requests - result.failures) * unitsOf(work).count;
  const cpuUs = (treeCpuUs(pid) - before) / units;
  return { ...result, cpuUs, rssBytes: treeRssBytes(pid) };
}

/**
 * Requests per second at which 99 of 100 are answered in 50 ms, by open-loop runs from what a
 * closed loop reaches downwards. 0 where even a tenth of it is too much.
 */
export async function capacity(ask: Ask, work: Work, seconds: number): Promise<number> {
  const { connections } = work;
  const most = await load({ ...ask, connections, rate: null, seconds });
  const reached = (most.requests - most.failures) / most.seconds;
  for (let rate = reached; rate > reached / 10; rate *= 0.85) {
    const result = await load({ ...ask, connections: 256, rate, seconds });
    const kept = result.requests / result.seconds > 0.97 * rate;
    if (result.failures === 0 && kept && result.totalMs.p99 < boundMs) return rate;
  }
  return 0;
}
