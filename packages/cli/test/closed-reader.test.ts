// Proves that a reader that has seen enough, such as `head`, ends the command without a complaint.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { bin } from './command-process.ts';

test('a closed pipe is no failure', async () => {
  const child = spawn(process.execPath, [bin, 'catalog', 'instances', '--json']);
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.doesNotMatch(stderr, /EPIPE/);
});
