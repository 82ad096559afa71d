// Proves that a promotion which is killed leaves every version whole and either the old or the new
// one in force, and that the next one works. How: the command is killed at its first change to the
// folder, at its second, and so on.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { policyHistory, versionFolder } from '../../src/promoted/policy-versions.ts';
import { readPromoted } from '../../src/promoted/promoted.ts';
import { bin, runCommand } from '../command-process.ts';
import { folderOf } from '../what-if/trace-file.ts';
import { reportedCase, reportOf } from './report.ts';

test('a promotion that is killed leaves whole versions, and the next one works', async t => {
  const folder = folderOf(t);
  const config = join(folder, 'entrepot.yaml');
  writeFileSync(config, 'auth: none\n');
  const report = join(folder, 'report.json');
  writeFileSync(report, JSON.stringify(reportOf(reportedCase('one'))));
  const args = ['policy', 'promote', 'lock-in-cap', '--report', report, '--config', config];
  assert.equal((await runCommand(args)).code, 0);
  const promoted = join(folder, 'promoted');
  let inForce = readPromoted(config).policy!.version;
  for (let killAt = 1; killAt <= 8; killAt++) {
    const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
    let changes = 0;
    const watcher = watch(promoted, { recursive: true }, () => {
      changes += 1;
      if (changes === killAt) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    watcher.close();
    const policies = join(promoted, 'policies');
    const versions = readdirSync(policies).map(Number).filter(Number.isInteger);
    for (const version of versions) {
      const kept = versionFolder(promoted, version);
      assert.equal(readFileSync(join(kept, 'report.json'), 'utf8'), readFileSync(report, 'utf8'));
      assert.match(readFileSync(join(kept, 'policy.yaml'), 'utf8'), /maxShare: 0\.6/);
    }
    const now = readPromoted(config).policy!.version;
    assert(now >= inForce, `${inForce}, then ${now}`);
    assert(versions.includes(now));
    inForce = now;
  }
  assert.equal((await runCommand(args)).code, 0);
  const line = policyHistory(promoted).at(-1);
  assert.deepEqual(
    [line?.action, readPromoted(config).policy?.version],
    ['promote', line?.version],
  );
  assert(line!.version > inForce);
});
