// Fuzzing for longer than a test may: npm run fuzz -- --minutes 5 --seed 7
//
//   --minutes N   how long (1)
//   --seed N      which inputs; printed when it is not given
//   --at N        this input alone, and made as small as it can be
//   --properties N   what is written is read again, of N values of each kind, instead
//   --linear      64 MiB of junk to every reader instead, and the time of each
//   --reader NAME only those with this in their names
//
// The inputs run in a worker, so that one on which a reader hangs is found too: it is named when it
// has made no progress for ten seconds.

import { spawnSync } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { failureOf, inputAt, minimized } from '../../packages/dialects/test/fuzz/fuzz.ts';
import { readers } from '../../packages/dialects/test/fuzz/readers.ts';
import { ownSeeds, recordedSeeds } from '../../packages/dialects/test/fuzz/seeds.ts';
import { type Measured, measureAll } from './linear.ts';
import type { FuzzTask, FuzzTold } from './worker.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    at: { type: 'string' },
    linear: { type: 'boolean', default: false },
    properties: { type: 'string' },
    reader: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);

if (values.linear) await linear();
else if (values.properties !== undefined) properties(values.properties);
else if (values.at !== undefined) one(Number(values.at));
else await many(Number(values.minutes) * 60_000);

async function linear(): Promise<void> {
  if (!readers.some(({ name }) => name.includes(values.reader))) {
    const known = readers.map(({ name }) => name).join('; ');
    console.error(`--reader: no reader has "${values.reader}" in its name; there are: ${known}`);
    process.exit(2);
  }
  const all: Measured[] = [];
  for await (const measured of measureAll(values.reader)) {
    all.push(measured);
    const { reader, junk, took } = measured;
    const told = took === null ? 'did not end' : `${Math.round(took.ms[0]!)} ms CPU`;
    console.log(`${told}  ${reader.name}: ${junk}`);
  }
  const under = all.filter(({ took }) => took !== null && took.ms[0]! < 1000);
  console.log(`${under.length} of ${all.length} under a second for 64 MiB; the others:`);
  const msOf = ({ took }: Measured): number => took?.ms[0] ?? Number.POSITIVE_INFINITY;
  const others = all.filter(one => !under.includes(one)).sort((a, b) => msOf(b) - msOf(a));
  for (const one of others) {
    console.log(`${Math.round(msOf(one))} ms CPU  ${one.reader.name}: ${one.junk}`);
  }
  for (const shape of ['stream', 'body'] as const) {
    const grown = all.filter(({ reader }) => reader.shape === shape);
    if (grown.length === 0) continue;
    const most = Math.max(...grown.map(({ took }) => took?.growthBytes ?? 0));
    console.log(`at most ${Math.round(most / 2 ** 20)} MiB more memory in a reader of a ${shape}`);
  }
}

function properties(runs: string): void {
  const folder = join(import.meta.dirname, '../../packages/dialects/test/properties');
  const files = globSync('*.test.ts', { cwd: folder }).map(file => join(folder, file));
  const env = { ...process.env, PROPERTY_RUNS: runs, PROPERTY_SEED: String(seed) };
  const { status } = spawnSync(process.execPath, ['--test', ...files], { env, stdio: 'inherit' });
  console.log(`seed ${seed}`);
  process.exitCode = status ?? 1;
}

function one(at: number): void {
  const { target, input, random } = inputAt([...ownSeeds, ...recordedSeeds()], seed, at);
  const draw = random();
  const reason = failureOf(target, input, draw);
  if (reason === null) {
    console.log(`${target.name} does what it must on input ${at} of seed ${seed}`);
    return;
  }
  const smallest = minimized(target, { target: target.name, at, reason, input }, draw);
  const file = join(tmpdir(), `fuzz-${seed}-${at}.bin`);
  writeFileSync(file, smallest);
  console.log(`${target.name}: ${reason}\n${smallest.length} bytes in ${file}`);
  console.log(JSON.stringify(smallest.toString('latin1').slice(0, 2000)));
  process.exitCode = 1;
}

async function many(forMs: number): Promise<void> {
  const task: FuzzTask = { seed, forMs };
  const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: task });
  let last: FuzzTold = { at: 0, executions: 0, ms: 0, failures: 0 };
  let waited = 0;
  const watch = setInterval(() => {
    if (++waited < 10) return;
    console.log(`a reader hangs: --seed ${seed}, an input after --at ${last.at}`);
    process.exit(1);
  }, 1_000);
  worker.on('message', (told: FuzzTold | string) => {
    waited = 0;
    if (typeof told === 'string') console.log(told);
    else last = told;
  });
  await new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  clearInterval(watch);
  const perSecond = Math.round((last.executions / last.ms) * 1000);
  console.log(`seed ${seed}: ${last.executions} executions, ${perSecond} a second`);
  console.log(`${last.failures} failures`);
  process.exitCode = last.failures === 0 ? 0 : 1;
}
