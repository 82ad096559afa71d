// Where the gateway spends its time at a work: a CPU profile under load, drawn as a flame graph.
//
//   npm run bench:profile -- [--work NAME] [--governed] [--rate N] [--seconds N] [--out FILE]

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { type CpuProfile, flameGraph } from './flame-graph.ts';
import { load, warmUpSeconds } from './measure.ts';
import { bare, governed } from './sides/entrepot.ts';
import { start } from './started.ts';
import { works } from './works.ts';

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: 'unary 1 KB' },
    governed: { type: 'boolean', default: false },
    rate: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    out: { type: 'string' },
  },
});
const work = works.find(w => w.name === values.work);
if (work === undefined) {
  process.stderr.write(`--work: one of ${works.map(w => w.name).join('; ')}\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'entrepot-profile-'));
const script = join(import.meta.dirname, 'mock/server.ts');
const mock = startChild([process.execPath, script], { cpu: loadCpu });
try {
  const mockPort = Number(await firstLine(mock));
  const side = values.governed ? governed : bare;
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
  const { running } = await start(side, { folder, mockPort, flags, fromSource: true });
  const rate = values.rate === undefined ? null : Number(values.rate);
  const { connections } = work;
  await load({ ...running.ask(work)!, connections, rate, seconds: warmUpSeconds });
  const fromUs = Number(process.hrtime.bigint() / 1000n);
  await load({ ...running.ask(work)!, connections, rate, seconds: Number(values.seconds) });
  await stopChild(running.process);
  const file = readdirSync(folder).find(name => name.endsWith('.cpuprofile'))!;
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  const name = `${side.name}, ${work.name}`;
  const own = `profiles/${name.replaceAll(/[^a-zA-Z0-9]+/g, '-').toLowerCase()}.svg`;
  const out = values.out ?? join(import.meta.dirname, own);
  writeFileSync(out, flameGraph(profile, fromUs, name));
  process.stdout.write(`${out}\n`);
} finally {
  await stopChild(mock);
  rmSync(folder, { recursive: true, force: true });
}
