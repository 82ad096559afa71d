// Rows of the bills of AWS (Cost and Usage Report) and Azure (cost details) for models: tokens per
// meter and hour or day. Input and output stand in rows of their own and are put together by meter
// and time. A bill does not say how many requests there were.

import {
  count,
  type Field,
  type Format,
  moment,
  name,
  type RowChecks,
  type Shape,
  shape,
} from '../format.ts';
import type { SourceFile } from '../source-file.ts';
import { identifier } from '../sql.ts';

/** Bills count tokens only: a request of this many input tokens is assumed. */
const assumedInputTokens = 1000;

interface Bill {
  readonly start: string;
  /** SQL of the end of what a row adds up. */
  readonly end: string;
  readonly meter: string;
  readonly amount: string;
  /** Text in which the unit stands: `1K tokens`, `1M`. */
  readonly unit: string;
  readonly account: string | null;
  /** Which rows are of models. */
  readonly models: string;
}

const aMoment = 'a date or a time such as 2026-11-01 13:00:00';

const hour = "INTERVAL '1 hour'";
const day = "INTERVAL '1 day'";

export const awsCur2: Format = {
  name: 'aws-cur',
  about: 'AWS Cost and Usage Report (CUR 2.0)',
  columns: ['line_item_usage_start_date', 'line_item_usage_type', 'line_item_usage_amount'],
  checks: file => curChecks(file, name => `line_item_${name}`),
  rows: file => curRows(file, name => `line_item_${name}`, 'pricing_unit'),
  shape: billShape,
};

export const awsCurLegacy: Format = {
  name: 'aws-cur-legacy',
  about: 'AWS Cost and Usage Report',
  columns: ['lineItem/UsageStartDate', 'lineItem/UsageType', 'lineItem/UsageAmount'],
  checks: file => curChecks(file, name => `lineItem/${pascal(name)}`),
  rows: file => curRows(file, name => `lineItem/${pascal(name)}`, 'pricing/unit'),
  shape: billShape,
};

export const azureCost: Format = {
  name: 'azure-cost',
  about: 'Azure cost details export',
  columns: ['date', 'meterName', 'quantity', 'unitOfMeasure'],
  checks: file => ({
    fields: [
      { column: 'date', sql: azureDay(file), expected: 'a day such as 11/30/2026 or 2026-11-30' },
      amount(file, 'quantity'),
    ],
    where: azureModels(file),
  }),
  rows: file => {
    const value = (column: string): string => text(file, column);
    const start = azureDay(file);
    const resource = file.columns.find(c => /^resourceId$/i.test(c)) ?? null;
    return billRows(file, {
      start,
      end: `${start} + ${day}`,
      meter: value('meterName'),
      amount: value('quantity'),
      unit: value('unitOfMeasure'),
      account: resource === null ? null : value(resource),
      models: azureModels(file),
    });
  },
  shape: billShape,
};

function azureDay(file: SourceFile): string {
  const forms = "['%m/%d/%Y', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%SZ']";
  return `CAST(try_strptime(${text(file, 'date')}, ${forms}) AS TIMESTAMPTZ)`;
}

function azureModels(file: SourceFile): string {
  return `regexp_matches(${text(file, 'meterName')}, 'tokens', 'i')`;
}

/** May be below zero: a correction. */
function amount(file: SourceFile, column: string): Field {
  return { column, sql: `TRY_CAST(${text(file, column)} AS DOUBLE)`, expected: 'a number' };
}

function curChecks(file: SourceFile, column: (name: string) => string): RowChecks {
  const start = column('usage_start_date');
  const sql = `TRY_CAST(${text(file, start)} AS TIMESTAMPTZ)`;
  return {
    fields: [{ column: start, sql, expected: aMoment }, amount(file, column('usage_amount'))],
    where: curModels(file, column),
  };
}

function curModels(file: SourceFile, column: (name: string) => string): string {
  return `regexp_matches(${text(file, column('usage_type'))}, 'token', 'i')`;
}

function curRows(
  file: SourceFile,
  column: (name: string) => string,
  unitColumn: string,
): SourceFile {
  const value = (name: string): string => text(file, column(name));
  const start = `TRY_CAST(${value('usage_start_date')} AS TIMESTAMPTZ)`;
  const has = (name: string): boolean => file.columns.includes(name);
  const end = column('usage_end_date');
  return billRows(file, {
    start,
    end: has(end) ? `TRY_CAST(${text(file, end)} AS TIMESTAMPTZ)` : `${start} + ${hour}`,
    meter: value('usage_type'),
    amount: value('usage_amount'),
    unit: has(unitColumn) ? text(file, unitColumn) : "'1K tokens'",
    account: has(column('usage_account_id')) ? value('usage_account_id') : null,
    models: curModels(file, column),
  });
}

/** A row for each meter and time, with the columns that `billShape` reads. */
function billRows(file: SourceFile, bill: Bill): SourceFile {
  const factor = `CASE WHEN regexp_matches(${bill.unit}, '\\dM', 'i') THEN 1000000
    WHEN regexp_matches(${bill.unit}, '\\dK', 'i') THEN 1000 ELSE 1 END
    * coalesce(TRY_CAST(regexp_extract(${bill.unit}, '^(\\d+)', 1) AS INTEGER), 1)`;
  const isOutput = `regexp_matches(${bill.meter}, '(^|[ -])(outp|output|completion)', 'i')`;
  const model = `trim(regexp_replace(regexp_replace(${bill.meter}, '${direction}| tokens?$', '', 'gi'),
    '^[A-Z]{2,4}[0-9]?-', ''), ' -')`;
  const tokens = `TRY_CAST(${bill.amount} AS DOUBLE) * ${factor}`;
  const relation = `(SELECT CAST(start AS VARCHAR) AS start,
      epoch_ms(max("end")) - epoch_ms(start) AS span, model, account,
      CAST(round(sum(tokens) FILTER (NOT output)) AS UBIGINT) AS input,
      CAST(round(coalesce(sum(tokens) FILTER (output), 0)) AS UBIGINT) AS output,
      CAST(ceil(sum(tokens) FILTER (NOT output) / ${assumedInputTokens}) AS UBIGINT) AS requests
    FROM (SELECT ${bill.start} AS start, ${bill.end} AS "end", ${model} AS model,
      ${bill.account ?? "''"} AS account, ${tokens} AS tokens, ${isOutput} AS output
      FROM ${file.relation} WHERE ${bill.models})
    GROUP BY start, model, account HAVING sum(tokens) FILTER (NOT output) > 0
    ORDER BY start, model, account)`;
  const columns = ['start', 'span', 'model', 'account', 'input', 'output', 'requests'];
  return { ...file, columns, relation, value: identifier, place: row => `sum ${row}` };
}

/** What a meter's name says beside its model: `Inp`, `output-tokens`, `cache-read-input-...`. */
const direction =
  '[ -]?(mantle[ -])?(cache[ -](read|write)[ -])?(cchd[ -])?' +
  '(inp|input|outp|output|completion)[a-z]*([ -]?(token[ -]count|tokens?))?';

function billShape(file: SourceFile): Shape {
  return shape({
    at: moment(file, 'start'),
    isUnix: true,
    model: name(file, 'model'),
    key: name(file, 'account'),
    inputTokens: count(file, 'input'),
    outputTokens: count(file, 'output'),
    requests: count(file, 'requests'),
    spreadMs: { column: 'span', sql: 'CAST("span" AS DOUBLE)', expected: 'a span' },
    assumed: [
      'a bill has sums: requests are spread evenly over their hour or day',
      `a bill does not count requests: ${assumedInputTokens} input tokens each are assumed`,
      'input that the bill says was read from caches counts as any other',
    ],
  });
}

function text(file: SourceFile, column: string): string {
  return `CAST(${file.value(column)} AS VARCHAR)`;
}

/** `usage_start_date` as `UsageStartDate`. */
function pascal(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
