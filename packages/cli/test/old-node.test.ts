// Proves that a Node that is too old gets a message that says so, not a stack.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { bin } from './command-process.ts';

const oldNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'node'))
  .find(path => majorOf(path) < 24);

test('an old Node is told which one is needed', {
  skip: oldNode === undefined && 'there is no Node older than 24 on this machine',
}, () => {
  const { status, stderr } = spawnSync(oldNode!, [bin], { encoding: 'utf8' });
  assert.match(stderr, /^entrepot needs Node 24 or later; this is \d+/);
  assert.equal(status, 2);
});

/** NaN where there is none. */
function majorOf(path: string): number {
  try {
    accessSync(path);
  } catch {
    return Number.NaN;
  }
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout)?.[1] ?? Number.NaN);
}
