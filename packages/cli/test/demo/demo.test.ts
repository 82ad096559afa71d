// Proves that the main job does what it promises: through the outage no caller sees a failure,
// every request has one record, the report adds up, and nothing is left behind. Runs the command as
// a process, shorter than a user would.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { bin, runCommand } from '../command-process.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-demo-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('through an outage, no caller sees a failure and every request has one record', async t => {
  const folder = folderOf(t);
  const json = join(folder, 'report.json');
  const args = ['demo', '--exit', '--seconds', '15', '--json', json, '--port', '0'];
  const { code, stdout, stderr } = await runCommand(args, { TMPDIR: folder });
  const report = JSON.parse(readFileSync(json, 'utf8'));
  assert.deepEqual(report.failures, []);
  assert.equal(code, 0, stderr);
  assert.equal(report.simulated, true);
  assert.equal(report.callerFailures, 0);
  assert.ok(report.requests > 100);
  assert.ok(report.failovers > 0);
  assert.ok(report.failoversByCause['rate-limit'] > 0);
  assert.deepEqual(report.ledger, { records: report.requests, missing: 0, duplicate: 0 });
  const clouds = Object.values(report.costByCloud as Record<string, number>);
  const total = clouds.reduce((sum, usd) => sum + usd, 0);
  assert.ok(Math.abs(total - report.costUsd) < 1e-9);
  assert.ok(report.costUsd > 0);
  assert.deepEqual(Object.keys(report.costIfAlone).sort(), [
    'anthropic',
    'aws',
    'azure',
    'google',
    'openai',
  ]);
  assert.ok(report.hhi > 2500 && report.hhi < 10_000);
  for (const spread of [report.ttftMs, report.totalMs, report.addedMs]) {
    assert.ok(spread.p50 >= 0 && spread.p50 <= spread.p95 && spread.p95 <= spread.p99);
  }
  assert.match(stdout, /all clouds are simulated/);
  assert.match(stdout, /curl http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions/);
  assert.match(stdout, /caller-visible failures +0/);
  const left = readdirSync(folder).filter(name => name.startsWith('entrepot-demo-'));
  assert.deepEqual(left, [], 'the ledger of the demo is gone');
});

test('it serves after the report, until it is told to stop', async t => {
  const folder = folderOf(t);
  const trace = join(folder, 'trace.csv');
  const rows = ['01.00,40,8', '02.00,60,9', '03.00,20,7'];
  const lines = rows.map(row => `2023-11-16 18:15:${row}`);
  writeFileSync(trace, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...lines, ''].join('\n'));
  const child = spawn(process.execPath, [bin, 'demo', '--seconds', '3', '--trace', trace]);
  t.after(() => child.kill('SIGKILL'));
  const printed: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    printed.push(line);
    if (line.startsWith('Serving at')) break;
  }
  const text = printed.join('\n');
  assert.match(text, /requests +3$/m);
  const curl = /^Try +(curl .*)$/m.exec(text)![1]!;
  const url = / (http\S+)/.exec(curl)![1]!;
  const body = / -d '(.*)'$/.exec(curl)![1]!;
  const authorization = / -H 'authorization: ([^']+)'/.exec(curl)![1]!;
  const answer = await fetch(url, { method: 'POST', headers: { authorization }, body });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('entrepot-simulated'), 'true');
  await answer.body?.cancel();
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('it takes a free port when the usual one is taken', async t => {
  const taken = createServer();
  taken.listen(4100, '127.0.0.1');
  t.after(() => taken.close());
  // Where something else has the port already, that serves as well.
  await Promise.race([once(taken, 'listening'), once(taken, 'error')]);
  const { code, stdout, stderr } = await runCommand(['demo', '--exit', '--seconds', '2']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, /127\.0\.0\.1:4100\b/);
});

test('it says which real clouds it could use, and uses none', async () => {
  const secret = 'sk-never-shown-0123456789';
  const env = {
    OPENAI_API_KEY: secret,
    AWS_ACCESS_KEY_ID: 'A',
    AWS_SECRET_ACCESS_KEY: secret,
    GOOGLE_APPLICATION_CREDENTIALS: '/no/such/key.json',
    GOOGLE_CLOUD_PROJECT: 'p-1',
    GEMINI_API_KEY: secret,
  };
  const args = ['demo', '--exit', '--seconds', '2', '--port', '0'];
  const { code, stdout, stderr } = await runCommand(args, env);
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /Credentials found for: openai, bedrock, vertex-ai, gemini-api; they are used only with --real/,
  );
  assert.ok(!stdout.includes(secret) && !stderr.includes(secret));
});

test('wrong options and broken traces are refused with what to do', async t => {
  const trace = join(folderOf(t), 'broken.csv');
  writeFileSync(trace, 'TIMESTAMP,ContextTokens,GeneratedTokens\nnever,1,2\n');
  const wrong = [
    [['--seconds', '1'], /--seconds takes a number from 2 to 3600/],
    [['--port', '70000'], /--port takes a number/],
    [['--trace', 'no-such-file.csv'], /there is no file no-such-file\.csv/],
    [['--trace', trace], /broken\.csv.*2/],
    [['--nonsense'], /nonsense/],
    [['extra'], /takes no argument extra/],
  ] as const;
  for (const [args, message] of wrong) {
    const { code, stderr } = await runCommand(['demo', ...args]);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
