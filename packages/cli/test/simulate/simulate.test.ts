// Proves that `entrepot simulate` starts the simulated clouds, says how to call them, puts faults
// in force from the start and stops when told to. Runs the command as a process.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';

const bin = join(import.meta.dirname, '../../bin/entrepot.js');

function run(t: TestContext, ...args: string[]) {
  const child = spawn(process.execPath, [bin, 'simulate', ...args]);
  t.after(() => child.kill('SIGKILL'));
  return child;
}

test('it says where its clouds are, answers, and ends with 0 at SIGTERM', async t => {
  const child = run(t, '--json', '--speed', '1000', '--fault', 'azure-openai:refuse');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { simulated, urls, keys } = JSON.parse(line);
  assert.equal(simulated, true);
  const call = (url: string) =>
    fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.openai}` },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }),
    });
  assert.equal((await call(`${urls.openai}/v1/chat/completions`)).status, 200);
  await assert.rejects(call(`${urls.azureOpenai}/openai/v1/chat/completions`));
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('every curl line that it prints works', async t => {
  const child = run(t, '--speed', '1000');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.startsWith('Ctrl-C')) break;
  }
  const curls = lines.filter(line => / curl .*\/(v1|v1beta|model)\//.test(line));
  assert.equal(curls.length, 7);
  for (const curl of curls) {
    const url = / (http\S+)/.exec(curl)![1]!;
    const headers = [...curl.matchAll(/-H '([^:]+): ([^']+)'/g)].map(m => [m[1]!, m[2]!]);
    const body = / -d '(.*)'$/.exec(curl)![1]!;
    const answer = await fetch(url, {
      method: 'POST',
      headers: headers as [string, string][],
      body,
    });
    assert.equal(answer.status, 200, curl);
    await answer.body?.cancel();
  }
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('wrong options are refused with what to do', async t => {
  const wrong = [
    [['--fault', 'azure-openai:flood'], /kind is one of stall/],
    [['--fault', 'mars:stall'], /no cloud "mars"/],
    [['--speed', '0'], /--speed must be a number/],
    [['--port-base', '70000'], /--port-base must be a whole number/],
    [['extra'], /takes no argument "extra"/],
  ] as const;
  for (const [args, message] of wrong) {
    const child = run(t, ...args);
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    assert.deepEqual(await once(child, 'close'), [2, null]);
    assert.match(stderr, message);
  }
});
