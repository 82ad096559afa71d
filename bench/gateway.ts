// The gateway as the benchmarks run it: a process of its own, from a configuration file that has
// one OpenAI deployment, the mock upstream.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinned, sideCpu } from './pinned.ts';

export const benchKey = 'a-key-for-the-benchmark';
const entry = join(import.meta.dirname, '../packages/cli/bin/entrepot.js');

export interface BenchGateway {
  readonly process: ChildProcess;
  readonly url: string;
}

/** `mode` is the ledger's: durable waits for the disk before each upstream call. */
export async function startBenchGateway(
  folder: string,
  upstreamPort: number,
  mode: 'durable' | 'fast',
): Promise<BenchGateway> {
  const config = {
    listen: { host: '127.0.0.1', port: 0 },
    keys: [{ name: 'bench', key: benchKey }],
    ledger: { path: join(folder, `${mode}.db`), mode },
    deployments: [
      {
        name: 'mock',
        offer: 'openai-api/global/openai/gpt-5.4-mini',
        endpoint: `http://127.0.0.1:${upstreamPort}`,
        credential: { apiKey: 'env:BENCH_UPSTREAM_KEY' },
        simulated: true,
      },
    ],
    routes: [{ name: 'bench', objective: 'cost', deployments: ['mock'] }],
  };
  const file = join(folder, `${mode}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, null, 2));
  const [command, ...args] = pinned(sideCpu, [process.execPath, entry, 'serve', file, '--json']);
  const child = spawn(command!, args, {
    env: { ...process.env, BENCH_UPSTREAM_KEY: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { process: child, url: (JSON.parse(line.toString()) as { url: string }).url };
}
