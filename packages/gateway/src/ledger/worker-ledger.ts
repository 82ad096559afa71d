// The ledger as the gateway holds it: gathers rows on the main thread and hands them, one batch at
// a time, to a thread that writes. While a batch is written the next one grows, so that batches
// adapt to load. Invariants: rows are written in the order in which they were taken; an entry of a
// request that was reserved stays in the queue until it is written; in durable mode no reservation
// resolves before it is on disk.

import { Batch, type Written } from './batch.ts';
import type { Entry, Reservation } from './entry.ts';
import type { LedgerMode } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';
import { type LedgerStats, noCounts } from './ledger-stats.ts';
import type { LedgerOptions, OpenLedger } from './open-ledger.ts';
import { batchRows, enoughRows, fastSyncMs, gatherMs, retryMs, spacingMs } from './pace.ts';
import { isMoney, pushAttempt, pushEntry, pushReservation } from './row.ts';
import type { WriterThread } from './writer-thread.ts';

const done: Promise<void> = Promise.resolve();

export class WorkerLedger implements Omit<OpenLedger, 'responses'> {
  readonly mode: LedgerMode;
  readonly #thread: WriterThread;
  readonly #bound: number;
  readonly #stallMs: number;
  readonly #onFault: (fault: LedgerError | null) => void;
  readonly #count = noCounts();
  /** Oldest first; the last one is being filled. */
  #queue: Batch[] = [];
  #inFlight: Batch | null = null;
  #backlog = 0;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #stall: NodeJS.Timeout | null = null;
  #sync: NodeJS.Timeout | null = null;
  #fault: LedgerError | null = null;
  #over: LedgerError | null = null;
  #closing: Promise<void> | null = null;
  #writtenMs = Number.NEGATIVE_INFINITY;

  constructor(thread: WriterThread, options: LedgerOptions) {
    this.mode = options.mode;
    this.#thread = thread;
    this.#bound = options.backlogRows ?? 50_000;
    this.#stallMs = options.stallMs ?? 10_000;
    this.#onFault = options.onFault ?? (() => {});
    thread.listen({
      written: written => this.#written(written),
      failed: why => this.#failed(why),
      died: why => this.#died(why),
    });
  }

  /** Rejects with a LedgerError; then nothing may be sent to an upstream for this request. */
  reserve(reservation: Reservation): Promise<void> {
    const refusal = this.#refusal(reservation);
    if (refusal !== null) return Promise.reject(refusal);
    if (this.#backlog >= this.#bound) {
      this.#count.unreserved++;
      return done;
    }
    this.#count.reservations++;
    const batch = this.#filling();
    pushReservation(batch.rows.reservations, reservation);
    let reserved = done;
    if (this.mode === 'durable') {
      reserved = new Promise((resolve, reject) => batch.waiters.push({ resolve, reject }));
    }
    this.#grow(batch, 1);
    return reserved;
  }

  settle(entry: Entry): void {
    this.#count.entries++;
    if (this.#over !== null || (this.#backlog >= this.#bound && this.#mayDrop(entry))) {
      this.#count.lost++;
      return;
    }
    const batch = this.#filling();
    if (isMoney(entry.chargeNanoUsd)) pushEntry(batch.rows.entries, entry);
    else {
      this.#count.invalidCharges++;
      pushEntry(batch.rows.entries, { ...entry, chargeNanoUsd: null });
    }
    const { attempts } = entry;
    batch.rows.attemptCounts.push(attempts.length);
    for (const a of attempts) pushAttempt(batch.rows.attempts, entry.requestId, a);
    this.#grow(batch, 1 + attempts.length);
  }

  /** Rejects with a LedgerError when writing fails; what was taken stays and is tried again. */
  flush(): Promise<void> {
    if (this.#over !== null) return Promise.reject(this.#over);
    const batch = this.#filling();
    batch.synced = true;
    const flushed = new Promise<void>((resolve, reject) =>
      batch.flushers.push({ resolve, reject }),
    );
    this.#sendOrRetry();
    return flushed;
  }

  /** Writes what was taken and ends the thread. Rejects when not all could be written. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  stats(): LedgerStats {
    const fault = this.#over ?? this.#fault;
    const { recovered } = this.#thread;
    return { ...this.#count, recovered, backlogRows: this.#backlog, fault: fault?.message ?? null };
  }

  async #close(): Promise<void> {
    if (this.#over !== null) throw this.#over;
    const flushed = this.flush();
    this.#over = new LedgerError('ledger_closed', 'the ledger is closed');
    if (this.#inFlight === null) this.#send();
    try {
      await flushed;
    } finally {
      this.#clearTimers();
      this.#drop();
      await this.#thread.close();
    }
  }

  #refusal(reservation: Reservation): LedgerError | null {
    if (this.#over !== null) return this.#over;
    if (!isMoney(reservation.reservedNanoUsd)) {
      const money = 'the reserved amount is no whole number of nano-USD';
      return new LedgerError('ledger_row', `${money}: ${reservation.reservedNanoUsd}`);
    }
    if (this.mode === 'fast') return null;
    if (this.#fault?.code === 'ledger_stalled') return this.#fault;
    if (this.#backlog < this.#bound) return null;
    return new LedgerError('ledger_backlog', `${this.#backlog} rows wait to be written`);
  }

  /** Durable mode drops only what called no upstream: of all others it has let in just so many. */
  #mayDrop(entry: Entry): boolean {
    return this.mode === 'fast' || entry.outcome === 'refused';
  }

  #filling(): Batch {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.size < batchRows) return last;
    const batch = new Batch();
    this.#queue.push(batch);
    return batch;
  }

  #grow(batch: Batch, rows: number): void {
    batch.size += rows;
    this.#backlog += rows;
    if (this.#inFlight === null && this.#immediate === null) this.#schedule(batch);
  }

  /**
   * A reservation that is waited for goes with the next turn of the loop: alone it is not kept, and
   * under load it goes with the others that come until the next transaction is due.
   */
  #schedule(batch: Batch): void {
    if (this.#fault !== null) this.#sendIn(retryMs);
    else if (batch.size >= enoughRows) this.#sendSoon();
    else if (batch.waiters.length === 0) this.#sendIn(gatherMs[this.mode]);
    else {
      const waitMs = this.#writtenMs + spacingMs - performance.now();
      if (waitMs <= 0) this.#sendSoon();
      else this.#sendIn(Math.ceil(waitMs));
    }
  }

  #sendSoon(): void {
    this.#immediate ??= setImmediate(() => this.#send());
  }

  #sendIn(ms: number): void {
    this.#timer ??= setTimeout(() => this.#send(), ms);
  }

  #sendOrRetry(): void {
    if (this.#inFlight !== null) return;
    if (this.#fault === null) this.#send();
    else this.#sendIn(retryMs);
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
    const batch = this.#queue.shift();
    if (batch === undefined) return;
    this.#inFlight = batch;
    this.#stall = setTimeout(() => this.#stalled(batch), this.#stallMs);
    this.#thread.send(batch.rows, batch.synced);
  }

  /** Takes back the batch that the thread has answered. */
  #landed(): Batch | null {
    const batch = this.#inFlight;
    this.#inFlight = null;
    if (this.#stall !== null) clearTimeout(this.#stall);
    return batch;
  }

  #written(written: Written): void {
    const batch = this.#landed();
    if (batch === null) return;
    this.#writtenMs = performance.now();
    this.#backlog -= batch.size;
    this.#count.batches++;
    this.#count.rows += batch.size;
    if (batch.size > this.#count.largestBatchRows) this.#count.largestBatchRows = batch.size;
    this.#count.duplicates += written.duplicates;
    this.#count.lost += written.lost;
    if (this.#fault !== null) {
      this.#fault = null;
      this.#onFault(null);
    }
    for (const n of written.refused ?? []) {
      const why = `reservation ${batch.reservedId(n)}: its id is taken, or it is malformed`;
      batch.waiters[n]?.reject(new LedgerError('ledger_row', why));
    }
    batch.resolve();
    if (this.mode === 'fast') this.#syncLater(batch.synced);
    const next = this.#queue[0];
    if (next === undefined || next.empty) return;
    if (next.flushers.length > 0 || next.size >= batchRows) this.#send();
    else this.#schedule(next);
  }

  /** The disk refused: nothing of the batch was written. Its entries go back to the front. */
  #failed(why: string): void {
    const batch = this.#landed();
    if (batch === null) return;
    this.#count.faults++;
    this.#fail(new LedgerError('ledger_disk', `the ledger cannot be written: ${why}`), batch);
    if (!batch.empty) this.#queue.unshift(batch);
    if (this.#queue.some(waiting => !waiting.empty)) this.#sendIn(retryMs);
  }

  /** What is being written may yet arrive: its reservations are then taken back. */
  #stalled(batch: Batch): void {
    const ids = batch.waiters.map((_, n) => batch.reservedId(n));
    const seconds = this.#stallMs / 1000;
    this.#fail(
      new LedgerError('ledger_stalled', `no answer from the disk for ${seconds} s`),
      batch,
    );
    this.#filling().rows.withdrawn.push(...ids);
  }

  #fail(fault: LedgerError, inFlight: Batch): void {
    if (this.#fault === null) this.#onFault(fault);
    this.#fault = fault;
    for (const batch of [inFlight, ...this.#queue]) {
      this.#backlog -= batch.waiters.length;
      batch.reject(fault);
    }
  }

  #syncLater(synced: boolean): void {
    if (synced && this.#sync !== null) {
      clearTimeout(this.#sync);
      this.#sync = null;
    } else if (!synced) {
      this.#sync ??= setTimeout(() => {
        this.#sync = null;
        this.#filling().synced = true;
        this.#sendOrRetry();
      }, fastSyncMs);
    }
  }

  #died(why: string): void {
    if (this.#over !== null && this.#inFlight === null) return;
    this.#clearTimers();
    const error = new LedgerError('ledger_closed', why);
    this.#over = error;
    const inFlight = this.#landed();
    if (inFlight !== null) this.#queue.unshift(inFlight);
    for (const batch of this.#queue) batch.reject(error);
    this.#drop();
    this.#onFault(error);
  }

  /** Gives up what could not be written. */
  #drop(): void {
    for (const batch of this.#queue) this.#count.lost += batch.rows.attemptCounts.length;
    this.#queue = [];
    this.#backlog = 0;
  }

  #clearTimers(): void {
    for (const timer of [this.#timer, this.#stall, this.#sync]) if (timer) clearTimeout(timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
  }
}
