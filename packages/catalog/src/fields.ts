// Reads the fields of one record and notes whatever is wrong with them, so that a load reports all
// problems of all files at once. After a problem a reader gives a harmless value and goes on: the
// record is never used, because the load throws in the end.

import { isDate } from './date.ts';
import { toPicoUsd } from './money.ts';
import type { Problem } from './problem.ts';

export interface Place {
  readonly file: string;
  readonly line: number;
}

export class Fields {
  readonly place: Place;
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #problems: Problem[];
  readonly #path: string;

  /** `known` are all fields that the record may have; any other is a problem. */
  constructor(
    value: unknown,
    known: readonly string[],
    place: Place,
    problems: Problem[],
    path = '',
  ) {
    this.place = place;
    this.#problems = problems;
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#value = {};
      this.problem(null, `must be an object, not ${show(value)}`);
      return;
    }
    this.#value = value as Record<string, unknown>;
    for (const name of Object.keys(this.#value)) {
      if (!known.includes(name)) this.problem(name, `unknown field; allowed: ${known.join(', ')}`);
    }
  }

  /** Notes a problem with a field of this record; null means the record as a whole. */
  problem(name: string | null, message: string): void {
    this.#problems.push({ ...this.place, field: this.#at(name), message });
  }

  has(name: string): boolean {
    return (this.#value[name] ?? null) !== null;
  }

  text(name: string): string {
    return this.#read(name, isText, 'must be a text that is not empty') ?? '';
  }
  textOrNull(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }
  date(name: string): string {
    const allowed = 'must be a day as YYYY-MM-DD';
    return this.#read(name, (v): v is string => isText(v) && isDate(v), allowed) ?? '0000-01-01';
  }
  dateOrNull(name: string): string | null {
    return this.has(name) ? this.date(name) : null;
  }
  /** A whole number from 1 up: tokens, bytes, counts. */
  countOrNull(name: string): number | null {
    if (!this.has(name)) return null;
    const isCount = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) > 0;
    return this.#read(name, isCount, 'must be a whole number from 1 up, or null for unknown');
  }
  positiveOrNull(name: string): number | null {
    if (!this.has(name)) return null;
    const isPositive = (v: unknown): v is number => Number.isFinite(v) && (v as number) > 0;
    return this.#read(name, isPositive, 'must be a number above 0, or null for unknown');
  }
  fractionOrNull(name: string): number | null {
    const value = this.positiveOrNull(name);
    if (value !== null && value > 1) this.problem(name, `must be a fraction up to 1, not ${value}`);
    return value;
  }
  flagOrNull(name: string): boolean | null {
    if (!this.has(name)) return null;
    const isFlag = (v: unknown): v is boolean => typeof v === 'boolean';
    return this.#read(name, isFlag, 'must be true, false, or null for unknown');
  }
  /** USD per million tokens in the file, pico-USD per token in memory. Absent is unknown. */
  usdPerMtok(name: string): number | null {
    if (!this.has(name)) return null;
    const isPrice = (v: unknown): v is number => typeof v === 'number' && toPicoUsd(v) !== null;
    const allowed =
      'must be USD per million tokens, from 0 up, in whole millionths; leave it out when unknown';
    const usd = this.#read(name, isPrice, allowed);
    return usd === null ? null : toPicoUsd(usd);
  }
  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const isOne = (v: unknown): v is T => allowed.includes(v as T);
    return this.#read(name, isOne, `must be one of ${allowed.join(', ')}`) ?? allowed[0]!;
  }

  texts(name: string): readonly string[] {
    return this.#list(name).filter((value, i): value is string => {
      if (isText(value)) return true;
      this.problem(`${name}[${i}]`, `must be a text that is not empty, not ${show(value)}`);
      return false;
    });
  }
  someOf<T extends string>(name: string, allowed: readonly T[]): readonly T[] {
    return this.#list(name).filter((value, i): value is T => {
      if (allowed.includes(value as T)) return true;
      const message = `must be one of ${allowed.join(', ')}, not ${show(value)}`;
      this.problem(`${name}[${i}]`, message);
      return false;
    });
  }
  object(name: string, known: readonly string[]): Fields {
    return this.#inner(this.#value[name], known, name);
  }
  objects(name: string, known: readonly string[]): readonly Fields[] {
    return this.#list(name).map((value, i) => this.#inner(value, known, `${name}[${i}]`));
  }
  /** The value as it stands, for parts that are carried and not read. */
  raw(name: string): unknown {
    return this.#value[name];
  }

  #list(name: string): readonly unknown[] {
    const value = this.#value[name] ?? [];
    if (Array.isArray(value)) return value;
    this.problem(name, `must be a list, not ${show(value)}`);
    return [];
  }
  #inner(value: unknown, known: readonly string[], name: string): Fields {
    return new Fields(value, known, this.place, this.#problems, this.#at(name));
  }
  #read<T>(name: string, is: (value: unknown) => value is T, allowed: string): T | null {
    const value = this.#value[name];
    if (is(value)) return value;
    const found = value === undefined ? 'it is missing' : `not ${show(value)}`;
    this.problem(name, `${allowed}, ${found}`);
    return null;
  }
  #at(name: string | null): string {
    if (name === null) return this.#path;
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
