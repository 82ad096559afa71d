// How fast training layouts are searched: Llama 405B on 16,384 chips, of one kind on one core, and
// of all kinds of the catalog in worker threads.
//
//   npm run bench:plan -- [--threads N] [--json FILE]

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Searched } from './plan/search-worker.ts';
import { searchableChips, searchOn } from './plan/work.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: String(cpus().length) },
    json: { type: 'string' },
  },
});

const one = oneKind('H100-SXM');
console.log(
  `one kind, one core: ${one.layouts} layouts in ${one.seconds.toFixed(3)} s, ` +
    `${Math.round(one.layouts / one.seconds)} a second; best ${one.bestStepSeconds?.toFixed(2)} s`,
);
const from = performance.now();
const all = await allKinds(Number(values.threads));
const seconds = (performance.now() - from) / 1000;
const layouts = all.reduce((sum, searched) => sum + searched.layouts, 0);
console.log(
  `${all.length} kinds, ${values.threads} threads: ${layouts} layouts in ${seconds.toFixed(2)} s`,
);
if (values.json !== undefined) {
  mkdirSync(dirname(values.json), { recursive: true });
  const machine = { cpu: cpus()[0]!.model, cores: cpus().length, node: process.version };
  const date = new Date().toISOString().slice(0, 10);
  const result = {
    date,
    machine,
    one,
    all: { threads: Number(values.threads), seconds, layouts, kinds: all.length },
  };
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

/** The median of five, after one to warm up. */
function oneKind(id: string): Searched {
  const runs = Array.from({ length: 6 }, () => searchOn(id)).slice(1);
  return runs.sort((a, b) => a.seconds - b.seconds)[2]!;
}

/** Each thread takes the next kind when it is done with one. */
async function allKinds(threads: number): Promise<Searched[]> {
  const waiting = [...searchableChips()];
  const done: Searched[] = [];
  const script = new URL('./plan/search-worker.ts', import.meta.url);
  await Promise.all(
    Array.from({ length: threads }, () => {
      const worker = new Worker(script);
      return new Promise<void>((resolve, reject) => {
        const next = (): void => {
          const id = waiting.shift();
          if (id !== undefined) worker.postMessage(id);
          else worker.terminate().then(() => resolve(), reject);
        };
        worker.on('message', (searched: Searched) => {
          done.push(searched);
          next();
        });
        worker.on('error', reject);
        next();
      });
    }),
  );
  return done;
}
