// Numbers that only the world of a scenario has: ranges, factors, money by the hour.

import type { Fields } from '../fields.ts';
import type { Range } from '../world.ts';

/** One number, or [least, most] where it is not known better. */
export function readRange(fields: Fields, name: string, limits: Range, absent: Range): Range {
  if (!fields.has(name)) return absent;
  const value = fields.raw(name);
  const ends: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [least, most] = ends;
  const isNumber = (end: unknown): end is number =>
    typeof end === 'number' && end >= limits.least && end <= limits.most;
  if (ends.length === 2 && isNumber(least) && isNumber(most) && least <= most) {
    return { least, most };
  }
  const above = limits.most === Number.POSITIVE_INFINITY ? 'up' : `to ${limits.most}`;
  const allowed = `a number from ${limits.least} ${above}, or [least, most] of such`;
  fields.problem(name, `must be ${allowed}, not ${JSON.stringify(value)}`);
  return absent;
}

/** A number above 0; absent is 1. */
export function readFactor(fields: Fields, name: string): number {
  return fields.positiveOrNull(name) ?? 1;
}

/** A number from 0 up that must be there. */
export function readAmount(fields: Fields, name: string): number {
  const value = fields.raw(name);
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  fields.problem(name, `must be a number from 0 up, ${value == null ? 'it is missing' : 'is not'}`);
  return 0;
}

/** USD in the file, nano-USD in memory. */
export function readNanoUsd(fields: Fields, name: string): number {
  return Math.round(readAmount(fields, name) * 1e9);
}
