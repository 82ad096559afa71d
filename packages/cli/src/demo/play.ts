// Plays the planned traffic against the gateway while the outage runs its course, and gathers what
// the callers saw. The callers are in a thread of their own.

import { Worker } from 'node:worker_threads';
import type { CallResult } from './call.ts';
import type { CallersInput, CallersMessage } from './callers.ts';
import type { OutageStep } from './outage.ts';

export interface PlayOptions extends CallersInput {
  readonly durationMs: number;
  /** Empty for real clouds. */
  readonly outage: readonly OutageStep[];
  readonly onStep: (step: OutageStep) => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly elapsedMs: number;
  readonly sent: number;
  readonly done: number;
  readonly failed: number;
}

/** Resolves with one result per planned request. Rejects when the callers' thread fails. */
export function play(options: PlayOptions): Promise<readonly CallResult[]> {
  const { durationMs, onProgress, onStep, outage, ...input } = options;
  const started = performance.now();
  const worker = new Worker(new URL('./callers.ts', import.meta.url), { workerData: input });
  const timers = outage.map(step =>
    setTimeout(() => {
      onStep(step).catch(error => worker.emit('error', error));
    }, step.atShare * durationMs),
  );
  return new Promise((resolve, reject) => {
    worker.on('message', (message: CallersMessage) => {
      if (message.type === 'progress') {
        onProgress({ ...message, elapsedMs: performance.now() - started });
      } else resolve(message.results);
    });
    worker.on('error', reject);
    worker.on('exit', code => reject(new Error(`the callers' thread ended with ${code}`)));
  }).finally(() => {
    for (const timer of timers) clearTimeout(timer);
    return worker.terminate();
  }) as Promise<readonly CallResult[]>;
}
