// The ledger's writer in a thread of its own, as the main thread sees it.

import { MessageChannel, Worker } from 'node:worker_threads';
import type { FromWorker, Rows, ToWorker, Written } from './batch.ts';
import { LedgerError } from './ledger-error.ts';
import type { WorkerInput } from './ledger-worker.ts';
import type { ResponseStore, RetentionLimits } from './stored-response.ts';
import { WorkerResponses } from './worker-responses.ts';

export interface WriterEvents {
  /** The batch that was sent is in the file. */
  written(written: Written): void;
  /** Nothing of it is; it may be sent again. */
  failed(why: string): void;
  /** The thread ended without being told to. */
  died(why: string): void;
}

export class WriterThread {
  /** Reservations of dead processes that were closed when the file was opened. */
  readonly recovered: number;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;

  /** Throws LedgerError `ledger_open`. */
  static async open(workerData: WorkerInput): Promise<WriterThread> {
    const script = new URL('./ledger-worker.ts', import.meta.url);
    // None of the process's own flags: some, like --input-type, keep a worker from starting.
    const worker = new Worker(script, { workerData, name: 'ledger', execArgv: [] });
    const first = await new Promise<FromWorker>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if (first.type === 'open') return new WriterThread(worker, first.recovered);
    await worker.terminate();
    const message = first.type === 'fault' ? first.message : 'its thread is out of order';
    throw new LedgerError('ledger_open', `cannot open the ledger ${workerData.path}: ${message}`);
  }

  private constructor(worker: Worker, recovered: number) {
    this.#worker = worker;
    this.recovered = recovered;
    this.#ended = new Promise(resolve => worker.once('exit', () => resolve()));
  }

  /** Called once, before the first send. */
  listen(events: WriterEvents): void {
    this.#worker.on('message', (message: FromWorker) => {
      if (message.type === 'written') events.written(message.written);
      else if (message.type === 'fault') events.failed(message.message);
    });
    this.#worker.on('error', (cause: unknown) =>
      events.died(`the ledger thread died: ${cause instanceof Error ? cause.message : cause}`),
    );
    this.#worker.on('exit', () => events.died('the ledger thread has ended'));
  }

  /** One batch at a time: the next one after `written` or `failed`. */
  send(rows: Rows, synced: boolean): void {
    this.#post({ type: 'batch', synced, rows: JSON.stringify(rows) });
  }

  /** The kept answers of the same file, read and written by the same thread. */
  responses(limits: RetentionLimits): ResponseStore {
    const { port1, port2: port } = new MessageChannel();
    const message: ToWorker = { type: 'responses', port, limits };
    this.#worker.postMessage(message, [port]);
    return new WorkerResponses(port1);
  }

  /** Resolves when the file is closed and the thread has ended. */
  close(): Promise<void> {
    this.#post({ type: 'close' });
    return this.#ended;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
