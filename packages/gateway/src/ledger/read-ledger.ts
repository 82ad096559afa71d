// Opens a ledger for reading, also while gateways write it. Queries run on the calling thread: a
// command may, the thread that serves requests must not.

import type { Kysely } from 'kysely';
import { checkLedger, type LedgerCheck } from './ledger-check.ts';
import { ledgerHistory } from './ledger-history.ts';
import type { LedgerRecord } from './ledger-record.ts';
import { type LedgerSum, type SumOptions, sumLedger } from './ledger-sum.ts';
import { type TailOptions, tailLedger } from './ledger-tail.ts';
import type { LedgerSchema } from './schema.ts';
import { kyselyOver } from './sqlite-dialect.ts';
import { openFileToRead } from './sqlite-file.ts';

export class LedgerReader {
  readonly #db: Kysely<LedgerSchema>;

  constructor(db: Kysely<LedgerSchema>) {
    this.#db = db;
  }

  /** One row per cloud, model, key or route, the dearest first. */
  sum(options: SumOptions): Promise<LedgerSum[]> {
    return sumLedger(this.#db, options);
  }

  /** The newest records, oldest first; with `follow` also those that are settled from now on. */
  tail(options: TailOptions = {}): AsyncGenerator<LedgerRecord> {
    return tailLedger(this.#db, options);
  }

  /** All that are settled and started from `sinceMs` (Unix ms) on, in that order. */
  history(sinceMs = 0): AsyncGenerator<LedgerRecord> {
    return ledgerHistory(this.#db, sinceMs);
  }

  /** `reached`: ids of the requests that are known to have reached an upstream. */
  check(reached?: Iterable<string>): Promise<LedgerCheck> {
    return checkLedger(this.#db, reached);
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}

/** Throws LedgerError `ledger_open` when there is no ledger at `path`. */
export function readLedger(path: string): LedgerReader {
  return new LedgerReader(kyselyOver(openFileToRead(path)));
}
