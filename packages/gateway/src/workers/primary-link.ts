// The primary as a worker sees it.

import cluster from 'node:cluster';
import type { Rest } from '@entrepot/engine/rest';
import type { Spent } from '@entrepot/engine/spend';
import type { Gateway } from '../gateway.ts';
import type { Exposed, Metrics } from '../metrics/metrics.ts';
import { countsOf, exposedCounts } from './counts.ts';
import type { FleetCounts, FromWorker, Start, ToWorker } from './messages.ts';
import { RestExchange } from './rest-exchange.ts';

/** What a worker that is killed has counted since it last told of it is not in the sums. */
const tellEveryMs = 1_000;
/** Each one that calls what rests meanwhile has a failure to mend. */
const restsEveryMs = 100;
const sumMs = 2_000;

export class PrimaryLink {
  /** Resolves when the worker shall stop: it is told so, or the primary is gone. */
  readonly stopped: Promise<void>;
  /** What it shall serve. */
  readonly start: Promise<Start>;
  readonly #asked = new Map<number, (sum: FleetCounts) => void>();
  #asks = 0;
  #gateway: Gateway | null = null;
  #rests: RestExchange | null = null;
  #spent: readonly Spent[] = [];

  constructor() {
    const { worker } = cluster;
    if (worker === undefined) throw new Error('this is no worker');
    // Otherwise it would end at once with the primary, and what is open with it.
    worker.exitedAfterDisconnect = true;
    const start = Promise.withResolvers<Start>();
    const stopped = Promise.withResolvers<void>();
    this.start = start.promise;
    this.stopped = stopped.promise;
    process.once('disconnect', stopped.resolve);
    process.on('message', (message: ToWorker) => {
      if (message.type === 'start') {
        this.#hear(message.start.spent);
        start.resolve(message.start);
      } else if (message.type === 'stop') stopped.resolve();
      else if (message.type === 'sum') this.#asked.get(message.n)?.(message.sum);
      else if (message.type === 'spent') this.#hear(message.spent);
      else if (message.type === 'rests') this.#hearRests(message.rests);
      else this.#tell(message.n);
    });
  }

  /** From now on it is this gateway's figures that are told, and it hears of the others'. */
  ready(gateway: Gateway): void {
    this.#gateway = gateway;
    this.#hear(this.#spent);
    post({ type: 'ready' });
    setInterval(() => this.#tellAll(), tellEveryMs).unref();
    const exchange = new RestExchange(gateway.engine);
    this.#rests = exchange;
    setInterval(() => {
      const rests = exchange.take(gateway.clock.nowMs());
      if (rests.length > 0) post({ type: 'rests', rests });
    }, restsEveryMs).unref();
  }

  /** Resolves when it is on its way. */
  failed(cause: unknown): Promise<void> {
    const { message, code } = cause as NodeJS.ErrnoException;
    return posted({ type: 'failed', message: message ?? String(cause), code: code ?? null });
  }

  /** Tells what was counted until the end. */
  async ended(): Promise<void> {
    this.#tellAll();
    // Messages go in their order.
    await posted({ type: 'spent', spent: [] });
  }

  /** What all workers have counted. Rejects when the primary does not tell. */
  async exposed(own: Metrics): Promise<Exposed> {
    const { counts, ready, restarts } = await this.#sum();
    const summed = exposedCounts(counts, own);
    return {
      ...summed,
      readings: [
        ...summed.readings,
        reading('entrepot_workers', 'Workers that serve.', ready),
        reading('entrepot_worker_restarts', 'Workers started after one had died.', restarts),
      ],
    };
  }

  #sum(): Promise<FleetCounts> {
    const n = this.#asks++;
    return new Promise<FleetCounts>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#asked.delete(n);
        reject(new Error(`the primary has not told the sum in ${sumMs} ms`));
      }, sumMs);
      this.#asked.set(n, sum => {
        clearTimeout(late);
        this.#asked.delete(n);
        resolve(sum);
      });
      post({ type: 'sum', n });
    });
  }

  #tell(n: number | null): void {
    if (this.#gateway !== null)
      post({ type: 'counts', n, counts: countsOf(this.#gateway.metrics) });
  }

  #tellAll(): void {
    this.#tell(null);
    const spent = this.#gateway?.engine.takeSpent() ?? [];
    if (spent.length > 0) post({ type: 'spent', spent });
  }

  #hearRests(rests: readonly Rest[]): void {
    if (this.#gateway !== null) this.#rests?.hear(rests, this.#gateway.clock.nowMs());
  }

  #hear(spent: readonly Spent[]): void {
    const { engine, clock } = this.#gateway ?? {};
    if (engine === undefined || clock === undefined) this.#spent = [...this.#spent, ...spent];
    else engine.addSpent(spent, clock.nowMs());
  }
}

function reading(name: string, help: string, value: number): Exposed['readings'][number] {
  return { name, help, grows: false, read: () => value };
}

function post(message: FromWorker): void {
  void posted(message);
}

/** Never rejects: nobody is there to tell when the primary is gone. */
function posted(message: FromWorker): Promise<void> {
  if (process.send === undefined || !process.connected) return Promise.resolve();
  return new Promise(resolve => process.send?.(message, undefined, undefined, () => resolve()));
}
