// What a second process of the gateway is worth: requests for each second of processor time that
// one and two processes get, durable ledger included. The load and the mock upstream need
// processors too, so that on a small machine two processes never get two whole ones: what they got
// is told, and the speed-up is what they would serve with them.
//
//   npm run bench:workers [-- --seconds N] [--rounds N]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { treeCpuUs } from './cpu-time.ts';
import { median } from './load/quantiles.ts';
import { load, warmUpSeconds } from './measure.ts';
import { bare, governed } from './sides/entrepot.ts';
import { type Started, start } from './started.ts';
import { works } from './works.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
  },
});
const work = works[0]!;

interface Got {
  readonly requestsPerSecond: number;
  /** Processors that the gateway had, on average. */
  readonly processors: number;
}

async function saturate({ running }: Started): Promise<Got> {
  const before = treeCpuUs(running.process.pid!);
  const began = performance.now();
  const input = { ...running.ask(work)!, connections: 64, rate: null };
  const { requests, failures } = await load({ ...input, seconds: Number(values.seconds) });
  const seconds = (performance.now() - began) / 1000;
  if (failures > 0) throw new Error(`${failures} requests failed`);
  const cpuSeconds = (treeCpuUs(running.process.pid!) - before) / 1e6;
  return { requestsPerSecond: requests / seconds, processors: cpuSeconds / seconds };
}

function tell(name: string, workers: number, all: readonly Got[]): number {
  const perProcessor = median(all.map(g => g.requestsPerSecond / g.processors));
  const served = median(all.map(g => g.requestsPerSecond)).toFixed(0);
  const had = median(all.map(g => g.processors)).toFixed(2);
  const each = perProcessor.toFixed(0);
  const processes = workers === 1 ? '1 process' : `${workers} processes`;
  process.stdout.write(
    `${name}, ${processes}: ${served} requests/s with ${had} processors, ${each} with each\n`,
  );
  return perProcessor;
}

const folder = mkdtempSync(join(tmpdir(), 'entrepot-workers-'));
const script = join(import.meta.dirname, 'mock/server.ts');
const mock = startChild([process.execPath, script], { cpu: loadCpu });
const started: Started[] = [];
try {
  const mockPort = Number(await firstLine(mock));
  for (const side of [bare, governed]) {
    const rates: number[] = [];
    for (const workers of [1, 2]) {
      const one = await start(side, {
        folder: mkdtempSync(join(folder, 'side-')),
        mockPort,
        workers,
      });
      started.push(one);
      const warmUp = { connections: 64, rate: null, seconds: warmUpSeconds * workers };
      await load({ ...one.running.ask(work)!, ...warmUp });
      const got: Got[] = [];
      for (let n = 0; n < Number(values.rounds); n++) got.push(await saturate(one));
      rates.push(tell(side.name, workers, got));
      await stopChild(one.running.process);
    }
    const speedUp = (2 * rates[1]!) / rates[0]!;
    process.stdout.write(`${side.name}: two processes serve ${speedUp.toFixed(2)} times one\n`);
  }
} finally {
  for (const { running } of started) await stopChild(running.process);
  await stopChild(mock);
  rmSync(folder, { recursive: true, force: true });
}
