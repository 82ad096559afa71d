// What can be wrong with the ledger, as a code that callers can tell apart.

export type LedgerErrorCode =
  | 'ledger_open' // the file cannot be opened as a ledger; the message says why
  | 'ledger_backlog' // more waits to be written than the bound allows
  | 'ledger_disk' // the disk or the database refused a write; it is tried again
  | 'ledger_stalled' // a write is under way for too long
  | 'ledger_row' // this one record cannot be stored: its id is taken, or a value is no value
  | 'ledger_closed'; // closed, or its thread has died

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}
