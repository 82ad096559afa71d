// The statements that write the ledger, compiled once each. Placeholders stand in the order of the
// column lists that are named beside them.

import { type CompiledQuery, type Insertable, type Kysely, sql } from 'kysely';
import {
  attemptColumns,
  entryColumns,
  type RequestColumn,
  reservationColumns,
  settlementColumns,
} from './row.ts';
import type { AttemptsTable, LedgerSchema, RequestsTable } from './schema.ts';

type Db = Kysely<LedgerSchema>;

const open = sql.lit<'open'>('open');
const settled = sql.lit<'settled'>('settled');
/** Stands for a parameter: only its place counts. */
const parameter = '';

/** Parameters: reservationColumns, owner. Changes 0 rows when the id is taken. */
export function reserveRow(db: Db): CompiledQuery {
  const values = placeholders<RequestsTable>([...reservationColumns, 'owner']);
  return db
    .insertInto('requests')
    .values({ ...values, state: open } as Insertable<RequestsTable>)
    .onConflict(c => c.column('id').doNothing())
    .compile();
}

/**
 * Parameters: entryColumns, owner, settledAtMs. Turns the reservation into the entry, or inserts it
 * where there was none. Changes 0 rows when the request was settled before.
 */
export function settleRow(db: Db): CompiledQuery {
  const values = placeholders<RequestsTable>([...entryColumns, 'owner', 'settledAtMs']);
  const replaced: RequestColumn[] = [...settlementColumns, 'settledAtMs', 'state'];
  return db
    .insertInto('requests')
    .values({ ...values, state: settled } as Insertable<RequestsTable>)
    .onConflict(c =>
      c
        .column('id')
        .doUpdateSet(eb =>
          Object.fromEntries(replaced.map(name => [name, eb.ref(`excluded.${name}`)])),
        )
        .where('requests.state', '=', open),
    )
    .compile();
}

/** Parameters: attemptColumns. */
export function attemptRow(db: Db): CompiledQuery {
  return db
    .insertInto('attempts')
    .values(placeholders<AttemptsTable>(attemptColumns) as Insertable<AttemptsTable>)
    .onConflict(c => c.columns(['requestId', 'n']).doNothing())
    .compile();
}

/** Parameters: id. Takes back a reservation whose caller was told that it failed. */
export function withdrawRow(db: Db): CompiledQuery {
  return db.deleteFrom('requests').where('id', '=', parameter).where('state', '=', open).compile();
}

/**
 * Parameters: recoveredAtMs, settledAtMs, owner. What a dead process left open may have cost up to
 * its reservation: that is its charge, marked as unknown and estimated.
 */
export function closeOrphans(db: Db): CompiledQuery {
  return db
    .updateTable('requests')
    .set(eb => ({
      recoveredAtMs: 0,
      settledAtMs: 0,
      state: settled,
      outcome: sql.lit<'unknown'>('unknown'),
      usageSource: sql.lit<'estimated'>('estimated'),
      chargeNanoUsd: eb.ref('reservedNanoUsd'),
    }))
    .where('owner', '=', parameter)
    .where('state', '=', open)
    .compile();
}

/** No parameters. Rows: `owner` of whatever is open. */
export function openOwners(db: Db): CompiledQuery {
  return db.selectFrom('requests').select('owner').distinct().where('state', '=', open).compile();
}

function placeholders<Table>(columns: readonly (keyof Table & string)[]): Record<string, string> {
  return Object.fromEntries(columns.map(name => [name, parameter]));
}
