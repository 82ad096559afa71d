// Where engines' own validators are kept: outside the repository, so that nothing of theirs is in
// it.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Validators {
  readonly folder: string;
  /** Python with skypilot, kubernetes-validate and kubeflow-trainer-api. */
  readonly python: string;
  /** Slurm's controller and commands, out of Debian's packages. */
  readonly slurm: string;
}

export const validators: Validators = validatorsIn(
  process.env.ENTREPOT_VALIDATORS ?? join(homedir(), '.cache/entrepot/validators'),
);

function validatorsIn(folder: string): Validators {
  return {
    folder,
    python: join(folder, 'venv/bin/python'),
    slurm: join(folder, 'slurm/usr'),
  };
}

/** Why a test that needs it is skipped; false when it is there. */
export function absent(path: string): string | false {
  if (existsSync(path)) return false;
  return `${path} is not there: see tools/validators/install.ts`;
}
