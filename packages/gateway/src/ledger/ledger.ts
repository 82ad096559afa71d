import type { Entry, Reservation } from './entry.ts';

export type LedgerMode = 'durable' | 'fast';

/**
 * Where requests are recorded. `durable`: `reserve` resolves when the reservation is on disk.
 * `fast`: at once; a crash loses at most the stated window (1 s).
 */
export interface Ledger {
  readonly mode: LedgerMode;
  reserve(reservation: Reservation): Promise<void>;
  /** Takes the entry; written with the next group commit. Never throws, never blocks. */
  settle(entry: Entry): void;
  /** Resolves when all that was taken is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
