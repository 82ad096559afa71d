// Proves the simulation itself: the same seed gives the same answers, latency follows tokens and
// speed, quotas hold and refill, and closing leaves nothing open, in this thread and in a worker.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { SimcloudOptions } from '../src/options.ts';
import { startSimcloud } from '../src/simcloud.ts';
import { startSimcloudWorker } from '../src/worker.ts';
import { ask } from './support/raw.ts';
import { start } from './support/start.ts';

/** Four answers, without what the clock decides. */
async function answers(options: SimcloudOptions): Promise<string[]> {
  const simcloud = await startSimcloud({ latency: 'zero', ...options });
  const all: string[] = [];
  for (const stream of [false, true, false, true]) {
    const { body, headers } = await ask(simcloud, { stream, text: 'How deep is the quay?' });
    all.push(headers['x-request-id'] + body.replace(/"created":\d+/g, ''));
  }
  await simcloud.close();
  return all;
}

test('the same seed and calls give the same bytes, another seed others', async () => {
  const first = await answers({ seed: 11 });
  assert.deepEqual(await answers({ seed: 11 }), first);
  assert.notDeepEqual(await answers({ seed: 12 }), first);
  assert.equal(new Set(first).size, first.length);
});

test('what a fault hits is decided by the seed and the order of calls', async t => {
  const run = async (seed: number): Promise<number[]> => {
    const simcloud = await start(t, { seed });
    await simcloud.setFaults('openai', [{ kind: 'overloaded', share: 0.5 }]);
    const statuses: number[] = [];
    for (let i = 0; i < 20; i++) statuses.push((await ask(simcloud)).status);
    return statuses;
  };
  const first = await run(3);
  assert.deepEqual(await run(3), first);
  assert.notDeepEqual(await run(4), first);
});

test('an answer takes longer with more output, and less with more speed', async t => {
  const took = async (speed: number, output: number): Promise<number> => {
    const simcloud = await start(t, { latency: 'model', speed });
    const { headers } = await ask(simcloud, { text: `[[simulate output=${output}]]` });
    return Number(headers['openai-processing-ms']) * speed;
  };
  const short = await took(200, 20);
  const long = await took(200, 2000);
  const sameButSlower = await took(100, 2000);
  assert.ok(long > 5 * short, `${short} and ${long}`);
  assert.ok(Math.abs(long - sameButSlower) < 0.05 * long, `${long} and ${sameButSlower}`);
});

test('the stream of an answer takes the time of its tokens', async t => {
  const simcloud = await start(t, { latency: 'model', speed: 50 });
  const began = performance.now();
  let firstMs = 0;
  const onData = () => {
    firstMs ||= performance.now() - began;
  };
  await ask(simcloud, { stream: true, text: '[[simulate output=1000]]', onData });
  const totalMs = performance.now() - began;
  assert.ok(totalMs - firstMs > 100, `first after ${firstMs}, all after ${totalMs}`);
});

test('a quota refuses what is over it, says when to come back, and refills', async t => {
  let nowMs = Date.UTC(2026, 0, 2);
  const quotas = { openai: { requestsPerMinute: 100, tokensPerMinute: 1000 } };
  const simcloud = await start(t, { quotas, speed: 10 }, () => nowMs);
  const text = '[[simulate input=300 output=100]]';
  const first = await ask(simcloud, { text });
  assert.equal(first.headers['x-ratelimit-remaining-tokens'], '600');
  assert.equal(first.headers['x-ratelimit-remaining-requests'], '99');
  assert.equal((await ask(simcloud, { text })).status, 200);
  const refused = await ask(simcloud, { text });
  assert.equal(refused.status, 429);
  assert.equal(JSON.parse(refused.body).error.type, 'tokens');
  // 200 tokens lack; 1,000 come in a minute that passes ten times faster.
  assert.equal(refused.headers['retry-after-ms'], '1200');
  assert.equal(refused.headers['retry-after'], '2');
  assert.equal(refused.headers['x-ratelimit-remaining-tokens'], '200');
  assert.equal((await ask(simcloud, { text, model: 'gpt-4.1' })).status, 200);
  nowMs += 1200;
  assert.equal((await ask(simcloud, { text })).status, 200);
  assert.equal((await ask(simcloud, { text })).status, 429);
});

test('requests are counted as well as tokens', async t => {
  const quotas = { openai: { requestsPerMinute: 2, tokensPerMinute: 1e6 } };
  const simcloud = await start(t, { quotas }, () => 0);
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask(simcloud)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

test('a port that is taken is an error, and nothing stays open', async t => {
  const simcloud = await start(t);
  const port = Number(new URL(simcloud.urls.openai).port);
  await assert.rejects(startSimcloud({ ports: { bedrock: port } }), { code: 'EADDRINUSE' });
  await assert.rejects(startSimcloudWorker({ ports: { bedrock: port } }), /EADDRINUSE/);
});

test('a body that is too large is refused before it is held', async t => {
  const simcloud = await start(t);
  const response = await fetch(`${simcloud.urls.anthropic}/v1/messages`, {
    method: 'POST',
    body: new Uint8Array(33 * 1024 * 1024),
  });
  assert.equal(response.status, 413);
  assert.equal(
    ((await response.json()) as { error: { type: string } }).error.type,
    'request_too_large',
  );
});

test('a worker gives the same interface and the same answers', async t => {
  const simcloud = await startSimcloudWorker({ latency: 'zero', seed: 7 });
  t.after(() => simcloud.close());
  const here = await start(t);
  const text = 'How deep is the quay?';
  const strip = (body: string) => body.replace(/"created":\d+/, '');
  assert.equal(
    strip((await ask(simcloud, { text })).body),
    strip((await ask(here, { text })).body),
  );
  await simcloud.setFaults('openai', [{ kind: 'refuse' }]);
  await assert.rejects(ask(simcloud), { code: 'ECONNREFUSED' });
  await simcloud.setFaults('openai', []);
  assert.equal((await ask(simcloud)).status, 200);
  assert.equal((await simcloud.stats()).openai.answered, 2);
  await simcloud.close();
  await simcloud.close();
  await assert.rejects(ask(simcloud), { code: 'ECONNREFUSED' });
  await assert.rejects(simcloud.stats(), /closed/);
});

test('closing ends everything: the process ends by itself, also in the middle of answers', async () => {
  for (const name of ['startSimcloud', 'startSimcloudWorker']) {
    const file = name === 'startSimcloud' ? 'simcloud.ts' : 'worker.ts';
    const script = `
      import { ${name} } from '${new URL(`../src/${file}`, import.meta.url)}';
      const simcloud = await ${name}({ speed: 0.01 });
      await simcloud.setFaults('azure-openai', [{ kind: 'stall' }]);
      const ask = (url, path, stream) => fetch(url + path, {
        method: 'POST', headers: { authorization: 'Bearer simulated-' + (path[1] === 'o' ? 'azure' : 'openai') + '-key' },
        body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: 'x' }] }),
      }).catch(() => 'ended');
      const calls = [
        ask(simcloud.urls.openai, '/v1/chat/completions', true),
        ask(simcloud.urls.openai, '/v1/chat/completions', false),
        ask(simcloud.urls.azureOpenai, '/openai/v1/chat/completions', true),
      ];
      for (;;) {
        const { openai, 'azure-openai': azure } = await simcloud.stats();
        if (openai.active + azure.active === 3) break;
        await new Promise(resolve => setImmediate(resolve));
      }
      await simcloud.close();
      console.log((await Promise.all(calls)).join());`;
    const args = ['--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    assert.equal(stdout.trim(), 'ended,ended,ended');
  }
});
