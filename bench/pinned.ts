// Who runs on which processor: the side under test on one, the load and the mock upstream on
// another, so that neither is moved or interrupted by the other in the middle of a measurement.

import { spawnSync } from 'node:child_process';

export const sideCpu = 0;
export const loadCpu = 1;

const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** The command, kept to one processor where `taskset` (util-linux) and two processors are there. */
export function pinned(cpu: number, command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', String(cpu), ...command] : command;
}
