// Where peers are installed: outside the repository, so that none of their code gets into it.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Found } from './side.ts';

/** The folder of a peer; made where it is not there. */
export function cacheFolder(peer: string): string {
  const root = process.env.ENTREPOT_BENCH_CACHE ?? join(homedir(), '.cache/entrepot-bench');
  const folder = join(root, peer.replaceAll(/[^a-z0-9-]+/gi, '_'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Installs a package of the npm registry, unless it is there. */
export function npmInstalled(name: string, version: string): Found {
  const folder = cacheFolder(name);
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) {
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const failed = run('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], folder);
    if (failed !== null) return { absent: failed };
  }
  return JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
}

/** Installs a package of the Python registry into an environment of its own, unless it is there. */
export function pipInstalled(name: string, extra: string, version: string): Found {
  const folder = cacheFolder(name);
  const python = join(folder, 'bin/python');
  if (!existsSync(join(folder, 'bin', name))) {
    const failed =
      run('python3', ['-m', 'venv', folder], folder) ??
      run(python, ['-m', 'pip', 'install', '-q', `${name}[${extra}]==${version}`], folder);
    if (failed !== null) return { absent: failed };
  }
  return { version };
}

/** Runs to its end; null when it succeeded, else what it last said. */
function run(command: string, args: readonly string[], cwd: string): string | null {
  process.stderr.write(`${command} ${args.join(' ')}\n`);
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return null;
  if (error !== undefined) return `${command}: ${error.message}`;
  return stderr.trim().split('\n').at(-1) ?? `${command} failed`;
}
