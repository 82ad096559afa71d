// Holds the cost of a request: CPU time against the nginx floor of the same run, and bytes
// allocated, may not rise by more than a quarter over what is kept in guard.json. Short, for CI.
//
//   npm run bench:guard [-- --write]

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { median } from './load/quantiles.ts';
import { load, sample, warmUpSeconds } from './measure.ts';
import type { Probed } from './probe.ts';
import type { Side } from './side.ts';
import { bare, governed } from './sides/entrepot.ts';
import { proxyPass } from './sides/nginx.ts';
import { type Started, start } from './started.ts';
import { works } from './works.ts';

/** To nginx's CPU time, and bytes per request. */
type Kept = Readonly<
  Record<string, { readonly cpuRatio: number; readonly allocatedBytes: number }>
>;

const file = join(import.meta.dirname, 'guard.json');
const work = works[0]!;
/** Over what is kept. */
const allowed = 1.25;
const rounds = 5;
/** A machine that is busy with something else measures too much, and never too little. */
const attempts = 3;
const seconds = 2;
const rate = 2_000;
const flags = ['--import', join(import.meta.dirname, 'probe.ts')];

async function measureAll(folder: string): Promise<Kept> {
  const script = join(import.meta.dirname, 'mock/server.ts');
  const mock = startChild([process.execPath, script], { cpu: loadCpu });
  const sides: readonly Side[] = [proxyPass, bare, governed];
  const started: Started[] = [];
  try {
    const mockPort = Number(await firstLine(mock));
    for (const side of sides) {
      const setting = {
        folder: mkdtempSync(join(folder, 'side-')),
        mockPort,
        flags,
        channel: true,
      };
      started.push(await start(side, setting));
    }
    return await compareAll(started);
  } finally {
    for (const { running } of started) await stopChild(running.process);
    await stopChild(mock);
  }
}

async function compareAll(started: readonly Started[]): Promise<Kept> {
  const cpu = new Map(started.map(one => [one, [] as number[]]));
  const allocated = new Map(started.map(one => [one, [] as number[]]));
  const input = { connections: 64, rate, seconds };
  for (const { running } of started) {
    await load({ ...running.ask(work)!, connections: 64, rate: null, seconds: warmUpSeconds });
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of started) {
      const { process: child, ask } = one.running;
      const before = await allocatedBytes(one);
      const measured = await sample(child.pid!, work, { ...ask(work)!, ...input });
      cpu.get(one)!.push(measured.cpuUs);
      const after = await allocatedBytes(one);
      if (before !== null && after !== null) {
        allocated.get(one)!.push((after - before) / measured.requests);
      }
    }
  }
  const [floor, ...own] = started;
  const figures = own.map(one => {
    const cpuRatio = median(cpu.get(one)!) / median(cpu.get(floor!)!);
    return [one.side.name, { cpuRatio, allocatedBytes: median(allocated.get(one)!) }];
  });
  return Object.fromEntries(figures) as Kept;
}

/** null of a side that has no probe in it. */
async function allocatedBytes({ running }: Started): Promise<number | null> {
  const child = running.process;
  if (!child.connected) return null;
  child.send('probe');
  const [probed] = (await once(child, 'message')) as [Probed];
  return probed.allocatedBytes;
}

function judge(found: Kept, kept: Kept): readonly string[] {
  const failures: string[] = [];
  for (const [side, was] of Object.entries(kept)) {
    for (const key of ['cpuRatio', 'allocatedBytes'] as const) {
      const now = found[side]![key];
      const line = `${side}: ${key} ${now.toFixed(2)}, kept ${was[key].toFixed(2)}`;
      process.stdout.write(`${line}\n`);
      if (now > was[key] * allowed) failures.push(`${line}: over ${allowed} times`);
    }
  }
  return failures;
}

const floor = await proxyPass.find();
if ('absent' in floor) {
  process.stdout.write(`nginx is ${floor.absent}: there is no floor to compare with\n`);
  process.exit(1);
}
async function measured(): Promise<Kept> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-guard-'));
  try {
    return await measureAll(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function holds(kept: Kept): Promise<boolean> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const failures = judge(await measured(), kept);
    if (failures.length === 0) return true;
    for (const failure of failures) process.stdout.write(`attempt ${attempt}: ${failure}\n`);
  }
  return false;
}

if (process.argv.includes('--write')) {
  const found = await measured();
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  judge(found, found);
} else {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  process.exitCode = (await holds(kept)) ? 0 : 1;
}
