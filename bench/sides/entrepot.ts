// The gateway, a process of its own from a configuration file with two deployments, both the mock
// upstream: OpenAI's API and Bedrock. It is the package that is published, which starts faster and
// is smaller than the sources. Bare: routing, failover, usage; no key is asked for, and the
// ledger is written within a second. Governed: keys are checked, and each reservation is on disk
// before the upstream is called.

import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine, sideCpu, startChild } from '../child.ts';
import { publishedEntry } from '../published.ts';
import type { Running, Setting, Side } from '../side.ts';
import { bodyOf, pathOf } from '../works.ts';

const key = 'a-key-for-the-benchmark';
export const sourceEntry: string = join(import.meta.dirname, '../../packages/cli/bin/entrepot.js');
export const bareName = 'entrepot, bare';
export const governedName = 'entrepot, governed';

export const bare: Side = {
  name: bareName,
  find: published,
  start: setting => start(setting, { auth: 'none' }, 'fast'),
};
export const governed: Side = {
  name: governedName,
  find: published,
  start: setting => start(setting, { keys: [{ name: 'bench', key: 'env:BENCH_KEY' }] }, 'durable'),
};

/** Built before it is started: its start is timed. */
async function published(): Promise<{ readonly version: string }> {
  await publishedEntry();
  return { version: 'this checkout' };
}

async function start(
  setting: Setting,
  callers: Readonly<Record<string, unknown>>,
  mode: 'durable' | 'fast',
): Promise<Running> {
  const endpoint = `http://127.0.0.1:${setting.mockPort}`;
  const config = {
    ...callers,
    ledger: { path: join(setting.folder, 'ledger.db'), mode },
    deployments: [
      chatDeployment('chat', setting),
      {
        name: 'bedrock',
        offer: 'bedrock/global/anthropic/claude-haiku-4-5',
        region: 'us-east-1',
        endpoint,
        credential: { aws: { accessKeyId: 'none', secretAccessKey: 'env:BENCH_UPSTREAM_KEY' } },
        simulated: true,
      },
    ],
    routes: [
      { name: 'bench-chat', objective: 'cost', deployments: ['chat'] },
      { name: 'bench-bedrock', objective: 'cost', deployments: ['bedrock'], losses: 'drop' },
    ],
  };
  const { process, url } = await serve(config, setting);
  return {
    process,
    ask: work => ({
      url: `${url}${pathOf(work)}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: bodyOf(work, `bench-${work.upstream}`),
    }),
  };
}

/** Of the mock upstream, as OpenAI's API. */
export function chatDeployment(name: string, { mockPort }: Setting): Record<string, unknown> {
  return {
    name,
    offer: 'openai-api/global/openai/gpt-5.4-mini',
    endpoint: `http://127.0.0.1:${mockPort}`,
    credential: { apiKey: 'env:BENCH_UPSTREAM_KEY' },
    simulated: true,
  };
}

/** `entrepot serve` with a configuration, on a free port of the processor of the sides. */
export async function serve(
  config: Readonly<Record<string, unknown>>,
  { folder, flags = [], channel = false, fromSource = false, workers = 1 }: Setting,
): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const file = join(folder, 'entrepot.yaml');
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({ listen: { host: '127.0.0.1', port: 0, workers }, ...config }),
  );
  const entry = fromSource ? sourceEntry : await publishedEntry();
  const child = startChild([process.execPath, ...flags, entry, 'serve', file, '--json'], {
    env: { BENCH_UPSTREAM_KEY: 'none', BENCH_KEY: key },
    cpu: sideCpu,
    channel,
  });
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  return { process: child, url };
}
