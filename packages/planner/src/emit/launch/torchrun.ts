// The way PyTorch starts a process per rank on each host; names as `torchrun --help` has them.

import type { PlannedHosts } from '../planned-job.ts';

/** `torchrun` with its options, to be followed by a script or `-m module`. */
export function torchrun(host: PlannedHosts): string[] {
  return [
    'torchrun',
    `--nproc-per-node=${host.chips * host.ranksPerChip}`,
    '--nnodes="$NODES"',
    '--node-rank="$NODE_RANK"',
    '--master-addr="$MASTER_ADDR"',
    '--master-port="$MASTER_PORT"',
  ];
}

/** A command over several lines of a shell script. */
export function lines(words: readonly string[]): string {
  return words.join(' \\\n  ');
}
