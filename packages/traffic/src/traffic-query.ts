// The SQL that makes requests of a file: what is wrong with it, what is in it, and the requests in
// the order of time.

import type { Database } from './database.ts';
import type { Field, Shape } from './format.ts';
import { featureBit } from './request-columns.ts';
import { numberedRows, refuseBadRow, rowNumber } from './row-checks.ts';
import type { SourceFile } from './source-file.ts';
import { TrafficError } from './traffic-error.ts';

/** What one pass over a file tells. */
export interface Scan {
  readonly requests: number;
  readonly firstMs: number;
  readonly isAscending: boolean;
  /** Most frequent first. */
  readonly models: readonly string[];
  readonly keys: readonly string[];
}

/** Of one request: what 32 bits hold. */
const mostTokens = 2 ** 32 - 1;

/** More names than this and the rarest are one, which stands last. */
const mostNames = 60_000;
const others = '(others)';

export class TrafficQuery {
  readonly #db: Database;
  readonly #file: SourceFile;
  readonly #shape: Shape;

  constructor(db: Database, file: SourceFile, shape: Shape) {
    this.#db = db;
    this.#file = file;
    this.#shape = shape;
  }

  /** Throws TrafficError for the first row that is wrong, or when there is no request. */
  async scan(): Promise<Scan> {
    const fields = this.#fields();
    const bad = fields.map((_, i) => `count(*) FILTER (f${i} IS NULL)`).join(' + ');
    const list = fields.map((field, i) => `${field.sql} AS f${i}`).join(', ');
    const n = this.#shape.requests === null ? '1' : `f${fields.indexOf(this.#shape.requests)}`;
    const rows = `(SELECT ${list}, lag(f0) OVER () AS before FROM ${this.#relation(false)})`;
    const [row] = await this.#db.rows(
      `SELECT CAST(sum(${n}) AS DOUBLE) AS requests, ${bad} AS bad, min(f0) AS first,
        bool_and(before IS NULL OR f0 >= before) AS ascending FROM ${rows}`,
    );
    if (Number(row!.bad) > 0) {
      await refuseBadRow(this.#db, this.#file, fields, this.#relation(true));
    }
    const requests = Number(row!.requests ?? 0);
    if (requests === 0) throw new TrafficError(`${this.#file.path}: there is no request in it`);
    return {
      requests,
      firstMs: Number(row!.first),
      isAscending: row!.ascending === true && this.#shape.requests === null,
      models: await this.#names(this.#shape.model),
      keys: await this.#names(this.#shape.key),
    };
  }

  /**
   * Columns: milliseconds since the first, code of the model, code of the key, input, output and
   * most output tokens, flags, hashes. Codes are places in the scan's lists.
   */
  requests(scan: Scan): string {
    const { at, inputTokens, outputTokens, maxOutputTokens, hashes, model, key } = this.#shape;
    const columns = [
      `${at.sql} - ${scan.firstMs} AS at_ms`,
      `${code(model, 'entrepot_models', scan.models)} AS model`,
      `${code(key, 'entrepot_keys', scan.keys)} AS key`,
      `${inputTokens.sql} AS input`,
      `${outputTokens.sql} AS output`,
      `${maxOutputTokens === null ? '0' : maxOutputTokens.sql} AS most`,
      `${this.#flags()} AS flags`,
      `${hashes === null ? 'NULL::UINTEGER[]' : hashes.sql} AS hashes`,
    ];
    const isAggregate = this.#shape.requests !== null;
    if (isAggregate) columns.push(...this.#parts());
    const order = isAggregate ? 'at_ms, row_no, i' : 'at_ms, row_no';
    const rows = `(SELECT ${columns.join(', ')}, ${scan.isAscending ? '0' : rowNumber} AS row_no
      FROM ${this.#relation(!scan.isAscending)})`;
    return `SELECT at_ms, model, key, CAST(input AS UINTEGER), CAST(output AS UINTEGER),
      CAST(most AS UINTEGER), flags, hashes
      FROM ${isAggregate ? spread(rows) : rows} ${scan.isAscending ? '' : `ORDER BY ${order}`}`;
  }

  /** The names of a scan as types, which give a code for a name. */
  async prepare(scan: Scan): Promise<void> {
    for (const [type, names] of [
      ['entrepot_models', scan.models],
      ['entrepot_keys', scan.keys],
    ] as const) {
      const values = names.map(name => `'${name.replaceAll("'", "''")}'`).join(', ');
      await this.#db.run(`CREATE OR REPLACE TYPE ${type} AS ENUM (${values})`);
    }
  }

  #fields(): readonly Field[] {
    const { at, model, key, inputTokens, outputTokens, maxOutputTokens } = this.#shape;
    const { hashes, requests, spreadMs } = this.#shape;
    const tokens = [inputTokens, outputTokens, maxOutputTokens].map(field =>
      field === null ? null : fitting(field, requests),
    );
    const all = [at, ...tokens, model, key, hashes];
    return [...all, requests, spreadMs].filter(field => field !== null);
  }

  /** With the numbers of the file's rows, also of those that are no requests. */
  #relation(numbered: boolean): string {
    const from = numbered ? numberedRows(this.#file) : this.#file.relation;
    const { where } = this.#shape;
    return where === null ? from : `(SELECT * FROM ${from} WHERE ${where})`;
  }

  async #names(field: Field | null): Promise<readonly string[]> {
    if (field === null) return [''];
    const rows = await this.#db.rows(
      `SELECT ${field.sql} AS name FROM ${this.#relation(false)}
        GROUP BY name ORDER BY count(*) DESC, name LIMIT ${mostNames + 1}`,
    );
    const names = rows.map(row => String(row.name));
    return names.length <= mostNames ? names : [...names.slice(0, mostNames), others];
  }

  #flags(): string {
    const { features } = this.#shape;
    const says = features.some(([feature]) => feature === 'streaming');
    const bits = features.map(
      ([feature, sql]) => `CASE WHEN ${sql} THEN ${featureBit(feature)} ELSE 0 END`,
    );
    if (!says) bits.push(String(featureBit('streaming')));
    return `CAST(${bits.join(' + ')} AS USMALLINT)`;
  }

  #parts(): string[] {
    const { requests, spreadMs } = this.#shape;
    return [
      `CAST(${requests!.sql} AS BIGINT) AS n`,
      `unnest(range(CAST(${requests!.sql} AS BIGINT))) AS i`,
      `${spreadMs!.sql} AS spread`,
    ];
  }
}

/** Tokens of a request that its column has room for. */
function fitting(field: Field, requests: Field | null): Field {
  const most = `${mostTokens}::HUGEINT${requests === null ? '' : ` * greatest(1, ${requests.sql})`}`;
  const sql = `CASE WHEN ${field.sql} <= ${most} THEN ${field.sql} END`;
  return { ...field, sql, expected: `${field.expected}, at most ${mostTokens} a request` };
}

/** One request of each, evenly over the time; their tokens add up to those of the row. */
function spread(rows: string): string {
  const part = (column: string): string =>
    `CAST((${column}::HUGEINT * (i + 1)) // n - (${column}::HUGEINT * i) // n AS UBIGINT)`;
  return `(SELECT at_ms + (i + 0.5) * spread / n AS at_ms, row_no, i, model, key, ${part('input')} AS input,
    ${part('output')} AS output, most, flags, hashes FROM ${rows})`;
}

/** The place of a name in a list; the last place stands for names that are not in it. */
function code(field: Field | null, type: string, names: readonly string[]): string {
  if (field === null) return '0::USMALLINT';
  const found = `enum_code(TRY_CAST(${field.sql} AS ${type}))`;
  return `CAST(coalesce(${found}, ${names.length - 1}) AS USMALLINT)`;
}
