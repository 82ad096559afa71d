// Installs an agent into a cache outside the repository, once for each version.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from './agents.ts';

const cache = process.env.ENTREPOT_AGENTS_CACHE ?? join(homedir(), '.cache', 'entrepot', 'agents');

/** The path of the agent's command. Throws what npm says when it cannot be installed. */
export function install({ package: name, version, command }: Agent): string {
  const folder = join(cache, `${name.replace('/', '-')}-${version}`);
  const executable = join(folder, 'node_modules', '.bin', command);
  if (existsSync(executable)) return executable;
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    writeFileSync(join(half, 'package.json'), '{}');
    const args = ['install', '--no-audit', '--no-fund', '--save-exact', `${name}@${version}`];
    execFileSync('npm', args, { cwd: half, stdio: ['ignore', 'ignore', 'inherit'] });
    rmSync(folder, { recursive: true, force: true });
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return executable;
}
