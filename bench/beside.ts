// What a running gateway feels of a what-if on its own ledger: latency of requests alone, and while
// `entrepot what-if --traffic ledger` replays what they left, again and again, in a process of its
// own. Nothing is pinned: on a small machine all share its processors.
//
//   npm run bench:beside [-- --rate N] [--seconds N]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstLine, loadCpu, startChild, stopChild } from './child.ts';
import type { LoadResult } from './load/load.ts';
import { load, warmUpSeconds } from './measure.ts';
import { governed, sourceEntry } from './sides/entrepot.ts';
import { type Started, start } from './started.ts';
import { works } from './works.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '20' },
  },
});
const work = works[0]!;
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const folder = mkdtempSync(join(tmpdir(), 'entrepot-beside-'));
const script = join(import.meta.dirname, 'mock/server.ts');
const mock = startChild([process.execPath, script], { cpu: loadCpu });
let started: Started | null = null;

function asked({ running }: Started): Promise<LoadResult> {
  return load({ ...running.ask(work)!, connections: 64, rate, seconds });
}

function tell(name: string, { requests, failures, totalMs }: LoadResult): void {
  const { p50, p95, p99 } = totalMs;
  const times = [p50, p95, p99].map(ms => `${ms.toFixed(1)} ms`).join(', ');
  process.stdout.write(
    `${name}: ${requests} requests, ${failures} failed; p50, p95, p99 ${times}\n`,
  );
}

/** Replays the ledger until the load is over; how often it did. */
async function replayDuring(over: Promise<unknown>): Promise<number> {
  const options = ['--traffic', 'ledger', '--ledger', join(folder, 'ledger.db')];
  const cases = ['--config', join(folder, 'entrepot.yaml'), '--scenario', 'traffic-doubles'];
  const whatIf = [process.execPath, sourceEntry, 'what-if', ...options, ...cases, '--seeds', '4'];
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  for (let times = 0; ; times++) {
    if (isOver) return times;
    const child = startChild(['nice', ...whatIf], {
      cpu: null,
      env: { BENCH_KEY: 'none', BENCH_UPSTREAM_KEY: 'none' },
    });
    child.stdout!.resume();
    const code = await new Promise(resolve => child.once('close', resolve));
    if (code !== 0) throw new Error(`what-if ended with ${String(code)}`);
  }
}

try {
  const mockPort = Number(await firstLine(mock));
  started = await start(governed, { folder, mockPort });
  const warmUp = { connections: 64, rate: null, seconds: warmUpSeconds };
  await load({ ...started.running.ask(work)!, ...warmUp });
  tell('alone', await asked(started));
  const during = asked(started);
  const times = await replayDuring(during);
  tell(`beside ${times} runs of what-if`, await during);
} finally {
  if (started !== null) await stopChild(started.running.process);
  await stopChild(mock);
  rmSync(folder, { recursive: true, force: true });
}
