// A Slurm batch script that serves a model: an array with a task for each replica, on as many hosts
// as it takes. Options are those of sbatch(1).

import { needsRay, vllmPort, vllmServe } from './launch/vllm.ts';
import type { EmittedFile } from './planned-job.ts';
import type { PlannedServing } from './planned-serving.ts';
import { slurmHosts, slurmRendezvous, slurmStart } from './slurm.ts';

/** The script. Throws RangeError for what Slurm does not run. */
export function slurmService(serving: PlannedServing): EmittedFile[] {
  const { name, hosts, replicas } = serving;
  if (hosts.family === 'tpu' || needsRay(serving)) {
    throw new RangeError('clusters of TPUs are not run by Slurm: --emit kubernetes');
  }
  const text = [
    ...slurmHosts(name, hosts),
    `#SBATCH --array=0-${replicas - 1}`,
    ...(hosts.count > 1 ? ['#SBATCH --exclusive'] : []),
    '#SBATCH --output=%x-%A-%a.log',
    `# sbatch ${name}.sbatch   with vllm on every host. A gateway goes before the replicas: the log`,
    '# of each says where it is.',
    '',
    'set -euo pipefail',
    ...slurmRendezvous,
    // Replicas that are parts of hosts may share one.
    `export PORT="$((${vllmPort} + SLURM_ARRAY_TASK_ID))"`,
    'echo "replica $SLURM_ARRAY_TASK_ID: http://$MASTER_ADDR:$PORT/v1"',
    '',
    ...slurmStart(vllmServe(serving, '"$PORT"')),
  ];
  return [{ path: `${name}.sbatch`, text: text.join('\n') }];
}
