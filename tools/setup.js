// Set-up, called before every npm script: installs what the lock file says, once per lock file.
// Plain JavaScript, because it runs on the host's Node (20 or later) before the pinned one is here.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const stampFile = join(root, 'node_modules', '.entrepot-setup');
const lock = readFileSync(join(root, 'package-lock.json'));
const stamp = createHash('sha256').update(lock).update(process.platform).digest('hex');

function isDone() {
  try {
    return readFileSync(stampFile, 'utf8') === stamp;
  } catch {
    return false;
  }
}

function install() {
  process.stderr.write('Setting up: installing dependencies and the pinned Node (once) ...\n');
  const started = Date.now();
  const npm = process.env.npm_execpath;
  const command = npm ? process.execPath : 'npm';
  // Not `npm ci`: it refuses a lock file that lacks another platform's optional binaries, and which
  // of those a registry serves differs. `install --no-save` still takes the locked versions, checks
  // their integrity, and writes nothing but node_modules.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command, npm ? [npm, ...args] : args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    process.stderr.write(
      `Set-up failed: "npm install" in ${root} ended with ${result.status ?? result.error?.message}.\n` +
        'It needs npm 10 or later and a package registry that can be reached. Run it again.\n',
    );
    process.exit(result.status ?? 1);
  }
  writeFileSync(stampFile, stamp);
  process.stderr.write(`Set-up done in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

if (!isDone()) install();
