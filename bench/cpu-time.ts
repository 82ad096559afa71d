// CPU time of a process and all its threads and children, as the kernel counts it (Linux only).

import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc are hundredths of a second on every Linux that Node supports. */
const usPerTick = 10_000;

/** Microseconds of user and system time of the process tree under `pid`. */
export function treeCpuUs(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, id) => sum + processCpuUs(id), 0);
}

/** Resident memory of the tree in bytes. */
export function treeRssBytes(pid: number): number {
  const rss = (id: number): number => {
    const match = /VmRSS:\s+(\d+) kB/.exec(readOr(`/proc/${id}/status`, ''));
    return Number(match?.[1] ?? 0) * 1024;
  };
  return [pid, ...descendants(pid)].reduce((sum, id) => sum + rss(id), 0);
}

function processCpuUs(pid: number): number {
  const stat = readOr(`/proc/${pid}/stat`, '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * usPerTick;
}

function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(id => parentOf(id) === pid);
  return children.flatMap(child => [child, ...descendants(child)]);
}

function parentOf(pid: number): number {
  const stat = readOr(`/proc/${pid}/stat`, '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
