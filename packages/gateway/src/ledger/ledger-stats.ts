// What the ledger counts about itself, for metrics, alerts and tests.

export interface LedgerStats {
  /** Reservations and entries taken since it was opened. */
  readonly reservations: number;
  readonly entries: number;
  /** Transactions written, the rows in them, and the most rows in one. */
  readonly batches: number;
  readonly rows: number;
  readonly largestBatchRows: number;
  /** Rows that wait to be written. */
  readonly backlogRows: number;
  /** Entries that came for a request that was settled before; they changed nothing. */
  readonly duplicates: number;
  /** Entries that were not written and will not be. Alert when it is above 0. */
  readonly lost: number;
  /** Reservations dropped in fast mode: no loss unless the process dies before they settle. */
  readonly unreserved: number;
  /** Charges that were no amount of money (a fault of the caller); they are stored as unknown. */
  readonly invalidCharges: number;
  /** Batches that the disk or the database refused. */
  readonly faults: number;
  /** Why reservations are refused now; null when the ledger writes. */
  readonly fault: string | null;
  /** Reservations of dead processes that were closed as `unknown` when it was opened. */
  readonly recovered: number;
}

type Counted = Exclude<keyof LedgerStats, 'backlogRows' | 'fault' | 'recovered'>;

/** What only ever grows, before anything has happened. */
export function noCounts(): Record<Counted, number> {
  return {
    reservations: 0,
    entries: 0,
    batches: 0,
    rows: 0,
    largestBatchRows: 0,
    duplicates: 0,
    lost: 0,
    unreserved: 0,
    invalidCharges: 0,
    faults: 0,
  };
}
