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
import type { Probed } from './probe.ts';
import { bare } from './sides/entrepot.ts';
import { type Started, start } from './started.ts';
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
async function longestStallMs({ running }: Started): Promise<number> {
  running.process.send('probe');
  const [probed] = (await once(running.process, 'message')) as [Probed];
  return probed.longestStallMs;
}

try {
  const mockPort = Number(await firstLine(mock));
  const flags = ['--import', join(import.meta.dirname, 'probe.ts')];
  started = await start(bare, { folder, mockPort, flags, channel: true });
  const input = { ...started.running.ask(work)!, connections: work.connections };
  const rate = Number(values.rate);
  await load({ ...input, rate, seconds: 5 });
  await longestStallMs(started);
  const { requests, totalMs } = await load({ ...input, rate, seconds: Number(values.seconds) });
  const stall = await longestStallMs(started);
  const told = `${work.name}, ${requests} requests at ${rate} a second: `;
  const times = `p50 ${totalMs.p50.toFixed(1)} ms, p99 ${totalMs.p99.toFixed(1)} ms`;
  process.stdout.write(`${told}longest stall ${stall.toFixed(1)} ms, ${times}\n`);
} finally {
  if (started !== null) await stopChild(started.running.process);
  await stopChild(mock);
  rmSync(folder, { recursive: true, force: true });
}
