// A side that runs: how long it took to its first answer, and what it holds when idle.

import { request } from 'undici';
import { treeRssBytes } from './cpu-time.ts';
import type { Running, Setting, Side } from './side.ts';
import { works } from './works.ts';

export interface Started {
  readonly side: Side;
  readonly running: Running;
  readonly coldStartMs: number;
  readonly idleRssBytes: number;
}

const patienceMs = 120_000;
const pollMs = 5;

/** Rejects when the side does not answer within two minutes. */
export async function start(side: Side, setting: Setting): Promise<Started> {
  process.stderr.write(`starting ${side.name}\n`);
  const began = performance.now();
  const running = await side.start(setting);
  const ask = running.ask(works[0]!)!;
  for (;;) {
    const status = await answers(ask.url, ask.headers, ask.body);
    if (status === 200) break;
    if (performance.now() - began > patienceMs) throw new Error(`${side.name}: status ${status}`);
    await new Promise(resolve => setTimeout(resolve, pollMs));
  }
  const coldStartMs = performance.now() - began;
  await new Promise(resolve => setTimeout(resolve, 1000));
  return { side, running, coldStartMs, idleRssBytes: treeRssBytes(running.process.pid!) };
}

/** The status of one answer, or null where there is none. */
async function answers(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number | null> {
  try {
    const answer = await request(url, { method: 'POST', headers, body });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return null;
  }
}
