// Opens the ledger for writing: the file is created or migrated, and what dead processes left open
// in it is closed, before anything is taken.

import type { Ledger, LedgerMode } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';
import type { LedgerStats } from './ledger-stats.ts';
import type { ResponseStore, RetentionLimits } from './stored-response.ts';
import { WorkerLedger } from './worker-ledger.ts';
import { WriterThread } from './writer-thread.ts';

export interface LedgerOptions {
  /**
   * A file, created with its folder when absent. SQLite's `:memory:` is no ledger: it is refused.
   */
  readonly path: string;
  readonly mode: LedgerMode;
  /** Rows that may wait to be written; a request is 2 rows and its attempts. Default 50,000. */
  readonly backlogRows?: number;
  /**
   * The most the file may grow to; beyond it, it is as if the disk were full. Default: no bound.
   */
  readonly maxBytes?: number | null;
  /** How long a write waits for another process that writes. Default 5,000 ms. */
  readonly busyTimeoutMs?: number;
  /** After how long a write under way counts as stalled. Default 10,000 ms. */
  readonly stallMs?: number;
  /** Called when writing starts to fail, and with null when it works again. */
  readonly onFault?: (fault: LedgerError | null) => void;
}

export interface OpenLedger extends Ledger {
  stats(): LedgerStats;
  /** Begins to keep answers in the same file; to be closed before the ledger is. */
  responses(limits: RetentionLimits): ResponseStore;
}

/**
 * Opens a ledger; several processes may have one file open. Throws LedgerError `ledger_open` when
 * the file is no ledger, or cannot be written. It must be closed, or the process does not end.
 */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const { path, mode, busyTimeoutMs = 5000, maxBytes = null } = options;
  if (path === ':memory:' || path === '') {
    throw new LedgerError('ledger_open', 'the ledger needs a file: a record in memory is none');
  }
  const thread = await WriterThread.open({ path, mode, busyTimeoutMs, maxBytes });
  const responses: OpenLedger['responses'] = limits => thread.responses(limits);
  return Object.assign(new WorkerLedger(thread, options), { responses });
}
