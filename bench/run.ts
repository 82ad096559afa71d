// Side by side in one run, in turn, against the same mock upstream: the gateway, nginx as the
// floor, and peers. Ratios are what counts; absolute times are of this machine. See README.md.
//
//   npm run bench -- [--work NAME] [--side NAME] [--seconds N] [--rounds N] [--json FILE]

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { compare } from './compare.ts';
import type { Result, SideResult } from './result.ts';
import type { Side } from './side.ts';
import { absentPeers } from './sides/absent.ts';
import { bare, governed } from './sides/entrepot.ts';
import { litellm } from './sides/litellm.ts';
import { keptAlive, proxyPass } from './sides/nginx.ts';
import { direct, node } from './sides/node.ts';
import { portkey } from './sides/portkey.ts';
import { type Started, start } from './started.ts';
import { tables } from './table.ts';
import { works } from './works.ts';

const sides = [direct, proxyPass, keptAlive, node, bare, governed, portkey, litellm];

interface Options {
  readonly work: string;
  /** Every side has one of these words in its name. */
  readonly side: readonly string[];
  readonly seconds: number;
  readonly rounds: number;
}

async function run(options: Options): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-bench-'));
  const script = join(import.meta.dirname, 'mock/server.ts');
  const mock = startChild([process.execPath, script], { cpu: loadCpu });
  const started: Started[] = [];
  try {
    const mockPort = Number(await firstLine(mock));
    const results: SideResult[] = [];
    for (const side of sides.filter(s => isWanted(s, options.side))) {
      const found = await side.find();
      if ('absent' in found) results.push(absent(side, found.absent));
      else {
        const one = await start(side, { folder: mkdtempSync(join(folder, 'side-')), mockPort });
        started.push(one);
        const { coldStartMs, idleRssBytes } = one;
        const { version } = found;
        results.push({ side: side.name, version, absent: null, coldStartMs, idleRssBytes });
      }
    }
    for (const side of absentPeers) {
      const found = await side.find();
      if ('absent' in found) results.push(absent(side, found.absent));
    }
    const asked = works.filter(work => work.name.includes(options.work));
    const rows = [];
    for (const work of asked) rows.push(...(await compare(started, work, options)));
    const cpu = cpus();
    const machine = { cpu: cpu[0]?.model ?? 'unknown', cores: cpu.length, node: process.version };
    return { date: new Date().toISOString().slice(0, 10), machine, sides: results, rows };
  } finally {
    for (const { running } of started) await stopChild(running.process);
    await stopChild(mock);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without a proxy is always measured: what is added is added to that. */
function isWanted(side: Side, words: readonly string[]): boolean {
  return side === direct || words.some(word => side.name.toLowerCase().includes(word));
}

function absent(side: Side, why: string): SideResult {
  return { side: side.name, version: null, absent: why, coldStartMs: null, idleRssBytes: null };
}

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: '' },
    side: { type: 'string', multiple: true, default: [''] },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const result = await run({
  work: values.work,
  side: values.side.map(word => word.toLowerCase()),
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
});
process.stdout.write(`${tables(result)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
