// Starts load-process.ts, kills it with SIGKILL at a chosen moment, and gives what it had
// announced.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LedgerMode } from '../../src/ledger/ledger.ts';

export interface Announced {
  /** Request number -> Unix ms at which its reservation had resolved. */
  readonly reserved: ReadonlyMap<number, number>;
  readonly settled: ReadonlySet<number>;
}

/** What request n reserves and costs: figures that tell requests apart. */
export const reservedFor = (n: number): number => 1_000_000 + n;
export const chargeOf = (n: number): number => 1 + n;

/** Runs it until `enough` holds, asked after each line, then kills it. */
export async function runAndKill(
  path: string,
  mode: LedgerMode,
  prefix: string,
  enough: (announced: Announced) => boolean,
): Promise<Announced> {
  const script = join(import.meta.dirname, 'load-process.ts');
  const child = spawn(process.execPath, [script, path, mode, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const reserved = new Map<number, number>();
  const settled = new Set<number>();
  // Also what it said before it died and was not read yet.
  for await (const line of createInterface(child.stdout)) {
    const [what, n, ms] = line.split(' ');
    // A line cut by the kill is no announcement.
    if (what === 'reserved' && ms?.length === 13) reserved.set(Number(n), Number(ms));
    else if (what === 'settled') settled.add(Number(n));
    if (!child.killed && enough({ reserved, settled })) child.kill('SIGKILL');
  }
  await exited;
  return { reserved, settled };
}

/** Numbers that look random and are the same in each run (a linear congruential generator). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
