// How long the gateway's event loop stands still under large bodies: nobody else is served then.
//
//   npm run bench:stall [-- --work NAME] [--rate N] [--seconds N]

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { load } from './measure.ts';
import { bare } from './sides/entrepot.ts';
import { type Started, start } from './started.ts';
import type { Turns } from './turn-probe.ts';
import { works } from './works.ts';

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: 'unary 1 MB' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '10' },
  },
});
const work = works.find(w => w.name === values.work)!;
const folder = mkdtempSync(join(tmpdir(), 'entrepot-stall-'));
const script = join(import.meta.dirname, 'mock/server.ts');
const mock = startChild([process.execPath, script], { cpu: loadCpu });
let started: Started | null = null;

/** Since it was asked last. */
async function turnsOf({ running }: Started): Promise<Turns> {
  running.process.send('probe');
  const [turns] = (await once(running.process, 'message')) as [Turns];
  return turns;
}

try {
  const mockPort = Number(await firstLine(mock));
  const flags = ['--import', join(import.meta.dirname, 'turn-probe.ts')];
  started = await start(bare, { folder, mockPort, flags, channel: true });
  const input = { ...started.running.ask(work)!, connections: work.connections };
  const rate = Number(values.rate);
  await load({ ...input, rate, seconds: 5 });
  await turnsOf(started);
  const { requests, totalMs } = await load({ ...input, rate, seconds: Number(values.seconds) });
  const { longestStallMs, mostCpuMs } = await turnsOf(started);
  const told = `${work.name}, ${requests} requests at ${rate} a second: `;
  const times = `p50 ${totalMs.p50.toFixed(1)} ms, p99 ${totalMs.p99.toFixed(1)} ms`;
  const stall = `longest stall ${longestStallMs.toFixed(1)} ms, most CPU in a turn ${mostCpuMs.toFixed(1)} ms`;
  process.stdout.write(`${told}${stall}, ${times}\n`);
} finally {
  if (started !== null) await stopChild(started.running.process);
  await stopChild(mock);
  rmSync(folder, { recursive: true, force: true });
}
