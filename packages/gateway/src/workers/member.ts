// One worker as the primary sees it: from its start to its end, and what it last told.

import type { Worker } from 'node:cluster';
import type { Rest } from '@entrepot/engine/rest';
import type { Spent } from '@entrepot/engine/spend';
import { type Counts, noCounts } from './counts.ts';
import type { FromWorker, Start, ToWorker } from './messages.ts';
import { WorkerStartError } from './worker-start-error.ts';

/** One that is too busy to answer for so long is summed up as it last told. */
const countMs = 500;

export interface Heard {
  /** It asks for the sum over all. */
  sum(n: number): void;
  spent(spent: readonly Spent[]): void;
  rests(rests: readonly Rest[]): void;
}

export class Member {
  /** Resolves when it listens; rejects with a WorkerStartError when it ends before. */
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #asked = new Map<number, () => void>();
  #asks = 0;
  #counts: Counts = noCounts;
  #readyAtMs: number | null = null;
  #over = false;

  constructor(worker: Worker, start: Start, heard: Heard) {
    this.#worker = worker;
    let why: WorkerStartError | null = null;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.started = promise;
    // Who does not wait for the start is told by the end.
    promise.catch(() => {});
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') {
        this.#readyAtMs = performance.now();
        resolve();
      } else if (message.type === 'failed') {
        why = new WorkerStartError(message.message, message.code);
      } else if (message.type === 'counts') this.#counted(message.n, message.counts);
      else if (message.type === 'spent') heard.spent(message.spent);
      else if (message.type === 'rests') heard.rests(message.rests);
      else heard.sum(message.n);
    });
    // What cannot be sent any more concerns one that is dying.
    worker.on('error', () => {});
    this.ended = endOf(worker).then(how => {
      this.#over = true;
      for (const answer of this.#asked.values()) answer();
      reject(why ?? new WorkerStartError(`a worker ended at its start (${how})`, null));
    });
    this.send({ type: 'start', start });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get over(): boolean {
    return this.#over;
  }

  get ready(): boolean {
    return this.#readyAtMs !== null && !this.#over;
  }

  /** How long it has served; null while it does not. */
  get servedMs(): number | null {
    return this.#readyAtMs === null ? null : performance.now() - this.#readyAtMs;
  }

  /** As it last told them. */
  get counts(): Counts {
    return this.#counts;
  }

  /** As they are now. */
  async count(): Promise<Counts> {
    if (this.ready) {
      const n = this.#asks++;
      await new Promise<void>(resolve => {
        const late = setTimeout(resolve, countMs);
        this.#asked.set(n, () => {
          clearTimeout(late);
          resolve();
        });
        this.send({ type: 'count', n });
      });
      this.#asked.delete(n);
    }
    return this.#counts;
  }

  send(message: ToWorker): void {
    if (this.#worker.isConnected()) this.#worker.send(message);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #counted(n: number | null, counts: Counts): void {
    this.#counts = counts;
    if (n !== null) this.#asked.get(n)?.();
  }
}

/** Resolves when the process has ended and all that it told was read. */
async function endOf(worker: Worker): Promise<string> {
  const told = new Promise<void>(resolve => worker.once('disconnect', resolve));
  const how = await new Promise<string>(resolve =>
    worker.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)),
  );
  await told;
  return how;
}
