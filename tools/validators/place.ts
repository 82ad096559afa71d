// Where engines' own validators are kept: outside the repository, so that nothing of theirs is in
// it.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const folder: string =
  process.env.ENTREPOT_VALIDATORS ?? join(homedir(), '.cache/entrepot/validators');

/** What is checked by what; a test is skipped, and says so, where one is not there. */
export const validators = {
  /** Python with skypilot, kubernetes-validate and kubeflow-trainer-api. */
  python: join(folder, 'venv/bin/python'),
  /** Slurm's controller and commands, out of Debian's packages. */
  slurm: join(folder, 'slurm/usr'),
  /** Definitions of custom resources, as their projects publish them: <plural>.yaml. */
  definitions: join(folder, 'crd'),
  /** Sources of training frameworks, a folder each. */
  sources: join(folder, 'sources'),
  folder: String(folder),
} as const;

/** Why a test that needs it is skipped; false when it is there. */
export function absent(path: string): string | false {
  if (existsSync(path)) return false;
  return `${path} is not there: see tools/validators/install.ts`;
}
