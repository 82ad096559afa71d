// Large numbers as people write them (15T tokens, 60M dollars, 16k chips, 60d) and as they read
// them.

import { UsageError } from '../command.ts';

const scales: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** A number above 0 with k, M, B or T behind it. Throws UsageError that shows how. */
export function quantity(text: string, option: string, example: string): number {
  const match = /^\$?(\d+(?:[.,]\d+)?)\s*([kmbt]?)$/i.exec(text.replaceAll('_', ''));
  const value =
    match === null ? 0 : Number(match[1]!.replace(',', '.')) * scales[match[2]!.toLowerCase()]!;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`--${option} must be a number above 0, such as ${example}: not "${text}"`);
}

/** The same, whole. */
export function wholeQuantity(text: string, option: string, example: string): number {
  const value = quantity(text, option, example);
  if (Number.isSafeInteger(value)) return value;
  throw new UsageError(`--${option} must be a whole number, such as ${example}: not "${text}"`);
}

/** Days of `60d`, `8w` or `36h`. */
export function daysOf(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([hdw])$/.exec(text);
  const each = { h: 1 / 24, d: 1, w: 7 }[match?.[2] as 'h' | 'd' | 'w'] ?? 0;
  const value = match === null ? 0 : Number(match[1]) * each;
  if (value > 0) return value;
  throw new UsageError(`--${option} must be a time above 0, such as 60d, 8w, 36h: not "${text}"`);
}

/** Three digits with k, M, B or T: `15.6T`. */
export function short(value: number): string {
  const scale = (['t', 'b', 'm', 'k'] as const).find(s => Math.abs(value) >= scales[s]!);
  if (scale === undefined) return digits(value);
  return `${digits(value / scales[scale]!)}${scale === 'k' ? 'k' : scale.toUpperCase()}`;
}

export function usd(value: number): string {
  return `$${short(value)}`;
}

/** Three digits: `0.123`, `1.23`, `12.3`, `123`. */
export function digits(value: number): string {
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(decimals, 6));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

export function gigabytes(bytes: number): string {
  return bytes >= 1e12 ? `${digits(bytes / 1e12)} TB` : `${digits(bytes / 1e9)} GB`;
}

/** Seconds in the unit in which they are read best. */
export function time(seconds: number): string {
  if (seconds < 1) return `${digits(seconds * 1000)} ms`;
  if (seconds < 120) return `${digits(seconds)} s`;
  if (seconds < 7200) return `${digits(seconds / 60)} min`;
  return seconds < 172_800 ? `${digits(seconds / 3600)} h` : `${digits(seconds / 86_400)} days`;
}
