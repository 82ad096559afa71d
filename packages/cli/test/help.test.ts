// What the entrepot command says of itself: its commands, those of a group, and wrong names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from './command-process.ts';

test('a group of commands lists them', async () => {
  const { code, stdout } = await runCommand(['scenario', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /scenario list +List[\s\S]*scenario promote/);
  assert.doesNotMatch(stdout, /what-if/);
});

test('a group alone and a wrong name in it are told which commands there are', async () => {
  for (const args of [['policy'], ['policy', 'promot']]) {
    const { code, stderr } = await runCommand(args);
    assert.equal(code, 2);
    assert.match(stderr, /Its commands: policy promote, policy history, policy rollback/);
  }
});

test('the help of what-if names what else it can do', async () => {
  const { stdout } = await runCommand(['what-if', '--help']);
  for (const name of ['sweep', 'commit', 'fit', 'backtest', 'verify', 'sample', 'merge']) {
    assert.match(stdout, new RegExp(`\\b${name}\\b`));
  }
});
