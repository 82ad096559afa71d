// A request as it is read back from the ledger: the entry, or what is known of it before there is
// one.

import type { Selectable } from 'kysely';
import type { AttemptRecord } from './entry.ts';
import type { AttemptsTable, RequestsTable } from './schema.ts';

export interface LedgerRecord extends Omit<RequestsTable, 'id' | 'owner' | 'stream'> {
  readonly requestId: string;
  readonly stream: boolean;
  /** In order; empty while the request is open. */
  readonly attempts: readonly AttemptRecord[];
}

/** The record of a row and of its attempts, which must be in order. */
export function recordOf(
  row: Selectable<RequestsTable>,
  attempts: readonly Selectable<AttemptsTable>[],
): LedgerRecord {
  const { id, owner: _, stream, ...rest } = row;
  return {
    requestId: id,
    ...rest,
    stream: stream !== 0,
    attempts: attempts.map(({ requestId: _, ...attempt }) => attempt),
  };
}
