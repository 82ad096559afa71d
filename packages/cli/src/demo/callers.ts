// All callers of the demo, in a thread of their own, so that reading answers takes no time from the
// gateway's loop. Arrivals are open-loop: a slow answer does not hold back the next request.

import { parentPort, workerData } from 'node:worker_threads';
import { Agent } from 'undici';
import { type CallResult, call } from './call.ts';
import type { PlannedRequest } from './plan.ts';

export interface CallersInput {
  readonly url: string;
  readonly key: string;
  readonly plan: readonly PlannedRequest[];
}

export type CallersMessage =
  | {
      readonly type: 'progress';
      readonly sent: number;
      readonly done: number;
      readonly failed: number;
    }
  | { readonly type: 'finished'; readonly results: readonly CallResult[] };

const progressMs = 200;

async function play(input: CallersInput, post: (message: CallersMessage) => void): Promise<void> {
  const dispatcher = new Agent({ connections: 4096, headersTimeout: 0, bodyTimeout: 0 });
  const results: CallResult[] = [];
  let sent = 0;
  const tick = (): void => {
    const failed = results.filter(r => r.failure !== null).length;
    post({ type: 'progress', sent, done: results.length, failed });
  };
  const timer = setInterval(tick, progressMs);
  const started = performance.now();
  const asked = input.plan.map(async planned => {
    const wait = planned.atMs - (performance.now() - started);
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
    sent++;
    results.push(await call(planned, input.url, input.key, dispatcher));
  });
  await Promise.all(asked);
  clearInterval(timer);
  tick();
  await dispatcher.close();
  post({ type: 'finished', results });
}

if (parentPort !== null) {
  const port = parentPort;
  void play(workerData as CallersInput, message => port.postMessage(message));
}
