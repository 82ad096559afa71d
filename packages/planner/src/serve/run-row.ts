// A row of a file of published serving runs, as such files come: names and nulls of the file are
// kept, what is of another type is said with its field.

/** A row, as far as it is read here. */
export interface RunRow {
  readonly id: string;
  readonly source: string;
  readonly date: string | null;
  readonly engine: string;
  readonly model: string;
  readonly accelerator: string;
  readonly count: number | null;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly ep: number | null;
  readonly precision: string;
  readonly kv_cache_precision: string | null;
  readonly input_len: number | null;
  readonly output_len: number | null;
  readonly batch: number | null;
  readonly concurrency: number | null;
  readonly mode: string;
  readonly notes?: string | null;
  readonly measured: {
    readonly output_tokens_per_s: number | null;
    readonly ttft_ms_p50: number | null;
    readonly tpot_ms_p50: number | null;
  };
}

/** A row that is not of the form, named as far as it can be. */
export interface MalformedRow {
  readonly id: string;
  readonly accelerator: string;
  readonly reason: string;
}

/** Whether a value is meant as a serving run: training runs have neither a mode nor lengths. */
export function isServingRow(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || 'global_batch' in row) return false;
  return 'mode' in row || 'input_len' in row || 'output_len' in row;
}

/** Reads a row; fields that are not there are null. `position` counts from 1 and names it. */
export function readRunRow(row: unknown, position: number): RunRow | MalformedRow {
  const fields = row as Readonly<Record<string, unknown>>;
  const text = (name: string): string => stringOf(fields, name) ?? '';
  const id = typeof fields.id === 'string' && fields.id !== '' ? fields.id : `row ${position}`;
  try {
    const measured = fields.measured ?? {};
    if (typeof measured !== 'object' || Array.isArray(measured)) {
      throw new FieldError('measured', 'an object', measured);
    }
    const times = measured as Readonly<Record<string, unknown>>;
    return {
      id,
      source: text('source'),
      date: stringOf(fields, 'date'),
      engine: text('engine'),
      model: needed(fields, 'model'),
      accelerator: needed(fields, 'accelerator'),
      count: countOf(fields, 'count', 1),
      tp: countOf(fields, 'tp', 1),
      pp: countOf(fields, 'pp', 1),
      ep: countOf(fields, 'ep', 0),
      precision: needed(fields, 'precision'),
      kv_cache_precision: stringOf(fields, 'kv_cache_precision'),
      input_len: countOf(fields, 'input_len', 1),
      output_len: countOf(fields, 'output_len', 1),
      batch: countOf(fields, 'batch', 0),
      concurrency: countOf(fields, 'concurrency', 1),
      mode: text('mode'),
      notes: stringOf(fields, 'notes'),
      measured: {
        output_tokens_per_s: amountOf(times, 'output_tokens_per_s'),
        ttft_ms_p50: amountOf(times, 'ttft_ms_p50'),
        tpot_ms_p50: amountOf(times, 'tpot_ms_p50'),
      },
    };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const accelerator = typeof fields.accelerator === 'string' ? fields.accelerator : '';
    return { id, accelerator, reason: error.message };
  }
}

class FieldError extends Error {
  constructor(field: string, wanted: string, found: unknown) {
    const value = found === undefined ? 'nothing' : JSON.stringify(found)?.slice(0, 40);
    super(`field ${field} must be ${wanted}, not ${value}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function stringOf(fields: Fields, name: string): string | null {
  const value = fields[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new FieldError(name, 'text or null', value);
}

function needed(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new FieldError(name, 'text', value);
}

function countOf(fields: Fields, name: string, least: number): number | null {
  const value = fields[name] ?? null;
  if (value === null || (Number.isSafeInteger(value) && (value as number) >= least)) {
    return value as number | null;
  }
  throw new FieldError(name, `a whole number from ${least} on, or null`, value);
}

function amountOf(fields: Fields, name: string): number | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new FieldError(`measured.${name}`, 'a number from 0 on, or null', value);
}
