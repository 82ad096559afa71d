// What the ledger gathers on the main thread between two transactions, and the messages between it
// and its worker. There is never more than one batch with the worker.

import type { MessagePort } from 'node:worker_threads';
import { reservationColumns, type Value } from './row.ts';
import type { RetentionLimits } from './stored-response.ts';

/** The part of a batch that goes to the worker: flat rows, see row.ts. */
export interface Rows {
  readonly reservations: Value[];
  readonly entries: Value[];
  /** Per entry, how many rows of `attempts` are its own. */
  readonly attemptCounts: number[];
  readonly attempts: Value[];
  /** Ids of reservations to take back. */
  readonly withdrawn: string[];
}

export interface Waiter {
  resolve(): void;
  reject(cause: Error): void;
}

export class Batch {
  rows: Rows = {
    reservations: [],
    entries: [],
    attemptCounts: [],
    attempts: [],
    withdrawn: [],
  };
  /** Rows in all; what bounds are measured in. */
  size = 0;
  /** One per reservation in durable mode, in their order; none in fast mode. */
  waiters: Waiter[] = [];
  flushers: Waiter[] = [];
  /** Must be on disk, not only with the operating system, when it is acknowledged. */
  synced = false;

  /** True when there is nothing to send it for. */
  get empty(): boolean {
    return this.size === 0 && !this.synced && this.rows.withdrawn.length === 0;
  }

  /** Id of the request that reservation n is for. */
  reservedId(n: number): string {
    return this.rows.reservations[n * reservationColumns.length] as string;
  }

  resolve(): void {
    for (const waiter of this.waiters) waiter.resolve();
    for (const flusher of this.flushers) flusher.resolve();
  }

  /** Tells all who wait that it failed. Their reservations are no longer part of the batch. */
  reject(cause: Error): void {
    for (const waiter of this.waiters) waiter.reject(cause);
    for (const flusher of this.flushers) flusher.reject(cause);
    this.size -= this.waiters.length;
    if (this.waiters.length > 0) this.rows = { ...this.rows, reservations: [] };
    this.waiters = [];
    this.flushers = [];
  }
}

/** `rows` is JSON of Rows: for batches of a few requests a string is cheaper to clone by far. */
export type ToWorker =
  | { readonly type: 'batch'; readonly synced: boolean; readonly rows: string }
  /** From now on kept answers are asked for at the port. */
  | { readonly type: 'responses'; readonly port: MessagePort; readonly limits: RetentionLimits }
  | { readonly type: 'close' };

export interface Written {
  /** Positions of reservations that cannot be stored, or whose id was taken; null for none. */
  readonly refused: readonly number[] | null;
  readonly duplicates: number;
  /** Entries that cannot be stored at all. */
  readonly lost: number;
}

export type FromWorker =
  | { readonly type: 'open'; readonly recovered: number }
  | { readonly type: 'written'; readonly written: Written }
  | { readonly type: 'fault'; readonly message: string };
