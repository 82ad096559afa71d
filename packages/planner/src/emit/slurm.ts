// A Slurm batch script: hosts to itself, one task on each that starts the framework, requeued
// when a host fails. Options are those of sbatch(1).

import type { ChipFamily } from '../chip.ts';
import { type Launch, userVariables } from './launch/launch.ts';
import type { EmittedFile, PlannedHosts, PlannedJob } from './planned-job.ts';

/** Names of generic resources, as clusters usually have them; TPUs have none. */
const gres: Readonly<Partial<Record<ChipFamily, string>>> = {
  nvidia: 'gpu',
  amd: 'gpu',
  gaudi: 'gpu',
  trainium: 'neuron',
};

/** Lines that every script has: how many hosts, and what of each. */
export function slurmHosts(name: string, host: PlannedHosts): string[] {
  const resource = gres[host.family];
  return [
    '#!/bin/bash',
    `#SBATCH --job-name=${name}`,
    `#SBATCH --nodes=${host.count}`,
    '#SBATCH --ntasks-per-node=1',
    ...(resource === undefined ? [] : [`#SBATCH --gres=${resource}:${host.chips}`]),
    `#SBATCH --time=${timeLimit(host.daysAtMost)}`,
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
  ];
}

/** Sets MASTER_ADDR to the first host. */
export const slurmRendezvous: readonly string[] = [
  'MASTER_ADDR="$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)"',
  'export MASTER_ADDR',
];

/** Starts a launch on each host. Throws RangeError when it cannot be quoted. */
export function slurmStart(script: string): string[] {
  if (script.includes("'")) throw new RangeError('a launch must hold no single quote');
  return [
    "srun --kill-on-bad-exit=1 --export=ALL bash -c '",
    'export NODE_RANK="$SLURM_NODEID"',
    script,
    "'",
    '',
  ];
}

/** The script and the files beside it. */
export function slurmScript(planned: PlannedJob, launch: Launch): EmittedFile[] {
  const { name, host } = planned;
  const variables = [...Object.keys(userVariables), 'LEARNING_RATE'];
  const text = [
    ...slurmHosts(name, host),
    '#SBATCH --exclusive',
    '#SBATCH --output=%x-%j.log',
    // Time to save before the limit ends the job.
    '#SBATCH --signal=B:TERM@600',
    `# sbatch ${name}.sbatch   after export of ${variables.join(', ')}`,
    `# ${host.spares} more nodes idle in the partition replace failed ones at once.`,
    '',
    'set -euo pipefail',
    ...variables.map(v => `: "\${${v}:?set ${v}}"`),
    'export NODES="$SLURM_NNODES" MASTER_PORT=29500',
    ...slurmRendezvous,
    '',
    ...slurmStart(launch.script),
  ];
  return [{ path: `${name}.sbatch`, text: text.join('\n') }, ...launch.files];
}

/** `days-hours:00:00`, an hour at least. */
function timeLimit(days: number): string {
  const hours = Math.max(1, Math.ceil(days * 24));
  const rest = String(hours % 24).padStart(2, '0');
  return `${Math.floor(hours / 24)}-${rest}:00:00`;
}
