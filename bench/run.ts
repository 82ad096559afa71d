// Side by side in one run, in turn, against the same mock upstream: CPU time per request of nginx
// as a plain proxy (the floor) and of the gateway. Ratios are what counts; absolute times are of
// this machine. See bench/README.md.
//
//   npm run bench -- [--seconds N] [--rounds N] [--work NAME] [--json FILE]

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { treeCpuUs, treeRssBytes } from './cpu-time.ts';
import { benchKey, startBenchGateway } from './gateway.ts';
import type { LoadInput, LoadResult } from './load.ts';
import { nginxVersion, startNginx } from './nginx.ts';
import { loadCpu, pinned, sideCpu } from './pinned.ts';

interface Side {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}
interface Work {
  readonly name: string;
  readonly connections: number;
  /** Requests per second for all sides alike; null where each stream is paced by the upstream. */
  readonly rate: number | null;
  readonly stream: boolean;
  /** What the CPU time is divided by, per request. */
  readonly unitsPerRequest: number;
  readonly unit: 'request' | 'event';
}
export interface Row {
  readonly work: string;
  readonly side: string;
  /** Median of the rounds. */
  readonly cpuUs: number;
  readonly per: string;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssMb: number;
  readonly failures: number;
  /** To the two ways of nginx in the same run; null where it is absent. */
  readonly toProxyPass: number | null;
  readonly toKeepAlive: number | null;
}

const unary = { stream: false, unitsPerRequest: 1, unit: 'request' } as const;
const works: readonly Work[] = [
  { name: 'unary 1 KB, 2,000/s', connections: 256, rate: 2_000, ...unary },
  { name: 'unary 1 KB, 5,000/s', connections: 256, rate: 5_000, ...unary },
  { name: 'unary 1 KB, saturated', connections: 64, rate: null, ...unary },
  {
    name: 'stream paced',
    connections: 64,
    rate: null,
    stream: true,
    unitsPerRequest: 100,
    unit: 'event',
  },
];
const proxyPass = 'nginx, proxy_pass';
const keptAlive = 'nginx, kept alive';
const warmUpSeconds = 8;
const content = 'Which port has the best price for tea this week? '.repeat(18);

function bodyOf(stream: boolean): string {
  const request = { model: 'bench', messages: [{ role: 'user', content }], stream };
  return JSON.stringify(stream ? { ...request, stream_options: { include_usage: true } } : request);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const execute = promisify(execFile);

async function load(side: Side, work: Work, seconds: number): Promise<LoadResult> {
  const input: LoadInput = {
    url: `${side.url}/v1/chat/completions`,
    body: bodyOf(work.stream),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${benchKey}` },
    connections: work.connections,
    rate: work.rate,
    seconds,
  };
  const script = join(import.meta.dirname, 'load.ts');
  const command = pinned(loadCpu, [process.execPath, script, JSON.stringify(input)]);
  const { stdout } = await execute(command[0]!, command.slice(1));
  return JSON.parse(stdout) as LoadResult;
}

interface Sample extends LoadResult {
  readonly cpuUs: number;
  readonly rssMb: number;
}

async function sample(side: Side, work: Work, seconds: number): Promise<Sample> {
  const before = treeCpuUs(side.pid);
  const result = await load(side, work, seconds);
  const cpuUs = (treeCpuUs(side.pid) - before) / (result.requests * work.unitsPerRequest);
  return { ...result, cpuUs, rssMb: treeRssBytes(side.pid) / 2 ** 20 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

interface Plan {
  readonly works: readonly Work[];
  readonly seconds: number;
  readonly rounds: number;
}

async function measure(sides: readonly Side[], plan: Plan): Promise<Row[]> {
  const { seconds, rounds } = plan;
  const rows: Row[] = [];
  for (const work of plan.works) {
    const samples = new Map(sides.map(side => [side, [] as Sample[]]));
    // Until V8 has compiled what is hot; its compiler threads would be counted.
    for (const side of sides) await load(side, work, warmUpSeconds);
    for (let round = 0; round < rounds; round++) {
      for (const side of sides) {
        process.stderr.write(`${work.name}, round ${round + 1} of ${rounds}: ${side.name}\n`);
        samples.get(side)!.push(await sample(side, work, seconds));
      }
    }
    const cpuOf = (name: string): number | null => {
      const list = samples.get(sides.find(s => s.name === name) as Side);
      return list === undefined ? null : median(list.map(s => s.cpuUs));
    };
    const floors = { proxyPass: cpuOf(proxyPass), keepAlive: cpuOf(keptAlive) };
    for (const [side, list] of samples) rows.push(rowOf(side, work, list, floors));
  }
  return rows;
}

/** CPU time of nginx in us; null where it is absent. */
interface Floors {
  readonly proxyPass: number | null;
  readonly keepAlive: number | null;
}

function rowOf(side: Side, work: Work, list: readonly Sample[], floors: Floors): Row {
  const of = (key: keyof Sample): number => median(list.map(s => s[key]));
  const to = (floor: number | null): number | null => (floor === null ? null : of('cpuUs') / floor);
  return {
    work: work.name,
    side: side.name,
    cpuUs: of('cpuUs'),
    per: work.unit,
    requestsPerSecond: median(list.map(s => s.requests / s.seconds)),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    rssMb: of('rssMb'),
    failures: list.reduce((sum, s) => sum + s.failures, 0),
    toProxyPass: to(floors.proxyPass),
    toKeepAlive: to(floors.keepAlive),
  };
}

function table(rows: readonly Row[]): string {
  const head =
    '| work | side | CPU us | per | x proxy_pass | x kept alive | requests/s | p50 ms | p99 ms | RSS MB | failures |';
  const ratio = (value: number | null): string => value?.toFixed(2) ?? 'unknown';
  const line = (r: Row): string =>
    `| ${r.work} | ${r.side} | ${r.cpuUs.toFixed(1)} | ${r.per} ` +
    `| ${ratio(r.toProxyPass)} | ${ratio(r.toKeepAlive)} ` +
    `| ${r.requestsPerSecond.toFixed(0)} | ${r.p50Ms.toFixed(2)} | ${r.p99Ms.toFixed(2)} ` +
    `| ${r.rssMb.toFixed(0)} | ${r.failures} |`;
  return [head, `|${'---|'.repeat(11)}`, ...rows.map(line)].join('\n');
}

/** A script of this folder as a process that prints its port. */
async function startScript(
  cpu: number,
  name: string,
  ...args: readonly string[]
): Promise<{ readonly process: ChildProcess; readonly port: number }> {
  const script = join(import.meta.dirname, name);
  const [command, ...rest] = pinned(cpu, [process.execPath, script, ...args]);
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, port: Number(line.toString()) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '6' },
      rounds: { type: 'string', default: '3' },
      work: { type: 'string', default: '' },
      json: { type: 'string' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-bench-'));
  const children: ChildProcess[] = [];
  try {
    const upstream = await startScript(loadCpu, 'upstream.ts');
    children.push(upstream.process);
    const upstreamPort = upstream.port;
    const sides: Side[] = [];
    const version = nginxVersion();
    if (version === null) process.stderr.write('nginx is absent: there is no floor in this run\n');
    else {
      for (const name of [proxyPass, keptAlive]) {
        const port = await freePort();
        const own = mkdtempSync(join(folder, 'nginx-'));
        const nginx = startNginx(own, port, upstreamPort, name === keptAlive);
        children.push(nginx);
        sides.push({ name, url: `http://127.0.0.1:${port}`, pid: nginx.pid! });
      }
    }
    const bare = await startScript(sideCpu, 'bare-proxy.ts', `http://127.0.0.1:${upstreamPort}`);
    children.push(bare.process);
    sides.push({
      name: 'node, bare proxy',
      url: `http://127.0.0.1:${bare.port}`,
      pid: bare.process.pid!,
    });
    for (const mode of ['fast', 'durable'] as const) {
      const gateway = await startBenchGateway(folder, upstreamPort, mode);
      children.push(gateway.process);
      sides.push({ name: `entrepot, ${mode} ledger`, url: gateway.url, pid: gateway.process.pid! });
    }
    const rows = await measure(sides, {
      works: works.filter(work => work.name.includes(values.work)),
      seconds: Number(values.seconds),
      rounds: Number(values.rounds),
    });
    process.stdout.write(`${version ?? 'no nginx'}, Node ${process.version}\n${table(rows)}\n`);
    if (values.json !== undefined) {
      const machine = { node: process.version, nginx: version };
      writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
    }
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(c => (c.exitCode === null ? once(c, 'exit') : null)));
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
