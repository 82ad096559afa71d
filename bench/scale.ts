// How cost grows with what a gateway is given: keys, deployments, open streams, the size of a
// request, rows of the ledger. See docs/scale.md for what was found.
//
//   npm run bench:scale -- [--dimension NAME] [--rows N] [--seconds N] [--rounds N] [--json FILE]
//
// --dimension (a part of the name, may be repeated) chooses. --rows is what the ledger is filled
// with, such as 50M (default 5M). --json keeps the figures; those of other dimensions that are in
// the file stay.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import { body } from './scale/body.ts';
import { deployments } from './scale/deployments.ts';
import type { Dimension } from './scale/dimension.ts';
import { keys } from './scale/keys.ts';
import { ledger } from './scale/ledger.ts';
import { rate } from './scale/rate.ts';
import type { Measured, ScaleResult } from './scale/result.ts';
import { streams } from './scale/streams.ts';
import { dimensionTable } from './scale/tables.ts';

const dimensions: readonly Dimension[] = [rate, keys, deployments, streams, body, ledger];

async function measure(words: readonly string[]): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-scale-'));
  const script = join(import.meta.dirname, 'mock/server.ts');
  const mock = startChild([process.execPath, script], { cpu: loadCpu });
  try {
    const options = {
      seconds: Number(values.seconds),
      rounds: Number(values.rounds),
      rows: rowsOf(values.rows),
      folder,
      mockPort: Number(await firstLine(mock)),
      tell: (what: string) => process.stderr.write(`${what}\n`),
    };
    const results: Measured[] = [];
    for (const dimension of dimensions) {
      if (!words.some(word => dimension.name.includes(word))) continue;
      results.push(await dimension.measure(options));
    }
    return results;
  } finally {
    await stopChild(mock);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `50M`, `500k` or a plain number. */
function rowsOf(text: string): number {
  const match = /^(\d+)([kM]?)$/.exec(text);
  if (match === null) throw new RangeError(`--rows takes a number such as 50M, not ${text}`);
  return Number(match[1]) * { '': 1, k: 1_000, M: 1_000_000 }[match[2] as '' | 'k' | 'M'];
}

/** Those of the file that were not measured now stay in it. */
function resultOf(measured: readonly Measured[], file: string): ScaleResult {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as ScaleResult).dimensions
    : [];
  const git = ['describe', '--always', '--dirty', '--exclude=*'];
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
  const commit = execFileSync('git', git, options).trim();
  const date = new Date().toISOString().slice(0, 10);
  const all = [...measured.map(one => ({ commit, date, quiet, ...one })), ...kept];
  const cpu = cpus();
  return {
    machine: {
      cpu: cpu[0]?.model ?? 'unknown',
      cores: cpu.length,
      memoryBytes: totalmem(),
      node: process.version,
    },
    dimensions: dimensions.flatMap(({ name }) => all.find(one => one.name === name) ?? []),
  };
}

const { values } = parseArgs({
  options: {
    dimension: { type: 'string', multiple: true, default: [''] },
    rows: { type: 'string', default: '5M' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
/** Of the last minute, before anything is measured. */
const quiet = loadavg()[0]! < 0.5;
if (!quiet) process.stderr.write('the machine is busy: figures will be too high\n');
const measured = await measure(values.dimension);
for (const one of measured) {
  process.stdout.write(`${one.name}: ${one.how}\n\n${dimensionTable(one)}\n\n`);
}
if (values.json !== undefined) {
  mkdirSync(dirname(values.json), { recursive: true });
  const result = resultOf(measured, values.json);
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
