// What a second process of the gateway loses to the first: both on one processor, against one
// process alone on it, durable ledger included; the load and the mock upstream have the other.
// What they share (the port, the ledger's file, what each tells the others) costs what is missing
// to 1. On two processors two processes serve twice that: it is computed, because on a machine of
// two the load would need the second one. A bare proxy on Node, whose processes share nothing but
// the port, shows what two processes lose on one processor by being two.
//
//   npm run bench:workers [-- --seconds N] [--rounds N]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { median } from './load/quantiles.ts';
import { load, warmUpSeconds } from './measure.ts';
import { bare, governed } from './sides/entrepot.ts';
import { node } from './sides/node.ts';
import { type Started, start } from './started.ts';
import { works } from './works.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
  },
});
const work = works[0]!;

async function served({ running }: Started): Promise<number> {
  const input = { ...running.ask(work)!, connections: 64, rate: null };
  const { requests, failures, seconds } = await load({
    ...input,
    seconds: Number(values.seconds),
  });
  if (failures > 0) throw new Error(`${failures} requests failed`);
  return requests / seconds;
}

const folder = mkdtempSync(join(tmpdir(), 'entrepot-workers-'));
const script = join(import.meta.dirname, 'mock/server.ts');
const mock = startChild([process.execPath, script], { cpu: loadCpu });
const started: Started[] = [];
try {
  const mockPort = Number(await firstLine(mock));
  for (const side of [node, bare, governed]) {
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
      const rounds: number[] = [];
      for (let n = 0; n < Number(values.rounds); n++) rounds.push(await served(one));
      rates.push(median(rounds));
      const processes = workers === 1 ? '1 process' : `${workers} processes`;
      const told = `${side.name}, ${processes} on one processor`;
      process.stdout.write(`${told}: ${median(rounds).toFixed(0)} requests/s\n`);
      await stopChild(one.running.process);
    }
    const share = rates[1]! / rates[0]!;
    const twice = `${(2 * share).toFixed(2)} times one on two processors`;
    process.stdout.write(`${side.name}: ${share.toFixed(2)} of one, so ${twice}\n`);
  }
} finally {
  for (const { running } of started) await stopChild(running.process);
  await stopChild(mock);
  rmSync(folder, { recursive: true, force: true });
}
