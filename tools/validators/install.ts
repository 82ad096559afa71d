// Gets the validators that package registries have: SkyPilot, kubernetes-validate and the models of
// JobSet from PyPI, Slurm from Debian. Run it once; tests of what is written for engines use them
// then. What only the engines' repositories have is looked up by write-known-names.ts.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { validators } from './place.ts';

const packages = ['skypilot==0.14.1', 'kubernetes-validate==1.37.0', 'kubeflow-trainer-api==2.3.0'];
const slurm = ['slurmctld', 'slurm-client', 'slurm-wlm-basic-plugins', 'libslurm38'];
const munge = ['munge', 'libmunge2'];

function run(command: string, args: readonly string[], cwd: string = validators.folder): boolean {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status === 0) return true;
  console.error(`${command} ${args.join(' ')}: ${error?.message ?? `ended with ${status}`}`);
  return false;
}

mkdirSync(validators.folder, { recursive: true });
const venv = join(validators.folder, 'venv');
const hasPython =
  run('python3', ['-m', 'venv', venv]) &&
  run(validators.python, ['-m', 'pip', 'install', '--quiet', ...packages]);

const debs = join(validators.folder, 'debs');
mkdirSync(debs, { recursive: true });
const slurmFolder = dirname(validators.slurm);
mkdirSync(slurmFolder, { recursive: true });
const hasSlurm =
  run('apt-get', ['download', ...slurm, ...munge], debs) &&
  run('sh', ['-c', `for deb in ${debs}/*.deb; do dpkg -x "$deb" "${slurmFolder}"; done`]);

console.log(`Python packages: ${hasPython ? 'there' : 'could not be had'}`);
console.log(`Slurm: ${hasSlurm ? 'there' : 'could not be had'}`);
process.exitCode = hasPython && hasSlurm ? 0 : 1;
