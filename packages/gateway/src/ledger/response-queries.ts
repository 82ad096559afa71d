// The statements on kept answers, compiled once each. Parameters stand in the order that is named.

import type { SQLInputValue } from 'node:sqlite';
import { type CompiledQuery, type Insertable, type Kysely, sql } from 'kysely';
import type { LedgerSchema, ResponsesTable } from './schema.ts';

type Db = Kysely<LedgerSchema>;

const columns = [
  'id',
  'key',
  'previousId',
  'deployment',
  'createdAtMs',
  'bytes',
  'input',
  'response',
] as const satisfies readonly (keyof ResponsesTable)[];

/** Stand for parameters: only their places count. */
const word = '';
const number = 0;

/** Parameters: `valuesOf`. An id that is there already is an error. */
export function putRow(db: Db): CompiledQuery {
  const values = Object.fromEntries(columns.map(name => [name, word]));
  return db
    .insertInto('responses')
    .values(values as unknown as Insertable<ResponsesTable>)
    .compile();
}

export function valuesOf(row: ResponsesTable): SQLInputValue[] {
  return columns.map(name => row[name]);
}

/** Parameters: id, key, createdAtMs of the oldest that is still kept. */
export function getRow(db: Db): CompiledQuery {
  const query = db.selectFrom('responses').select([...columns]);
  return query
    .where('id', '=', word)
    .where('key', '=', word)
    .where('createdAtMs', '>=', number)
    .compile();
}

/** Parameters: id of the item, id of its answer. */
export function putItem(db: Db): CompiledQuery {
  return db
    .insertInto('responseItems')
    .values({ id: word, responseId: word })
    .onConflict(c => c.doNothing())
    .compile();
}

/** Parameters: id of the item, key, createdAtMs of the oldest that is still kept. */
export function getByItem(db: Db): CompiledQuery {
  return db
    .selectFrom('responseItems')
    .innerJoin('responses', 'responses.id', 'responseItems.responseId')
    .select(['responses.deployment', 'responses.response'])
    .where('responseItems.id', '=', word)
    .where('responses.key', '=', word)
    .where('responses.createdAtMs', '>=', number)
    .orderBy('responses.createdAtMs', 'desc')
    .limit(sql.lit(1))
    .compile();
}

/** Parameters: id, key. */
export function deleteRow(db: Db): CompiledQuery {
  return db.deleteFrom('responses').where('id', '=', word).where('key', '=', word).compile();
}

/** Parameters: createdAtMs of the oldest that is still kept, the most rows to delete. */
export function expireRows(db: Db): CompiledQuery {
  return db
    .deleteFrom('responses')
    .where('id', 'in', eb =>
      eb.selectFrom('responses').select('id').where('createdAtMs', '<', number).limit(number),
    )
    .compile();
}

/** Row: `total`, the bytes of all that is kept; null where nothing is. */
export function totalBytes(db: Db): CompiledQuery {
  return db
    .selectFrom('responses')
    .select(eb => eb.fn.sum<number | null>('bytes').as('total'))
    .compile();
}

/** Parameters: the most bytes to keep, of the newest; the most rows to delete. */
export function evictRows(db: Db): CompiledQuery {
  const summed = db.selectFrom('responses').select(eb => [
    'id',
    eb.fn
      .sum<number>('bytes')
      .over(o => o.orderBy('createdAtMs', 'desc').orderBy('id'))
      .as('newer'),
  ]);
  return db
    .deleteFrom('responses')
    .where('id', 'in', eb =>
      eb.selectFrom(summed.as('summed')).select('id').where('newer', '>', number).limit(number),
    )
    .compile();
}
