// Amounts as a plan's options give them: `1.5s`, `50ms`, `20/s`, `1.2M`.

import { UsageError } from '../command.ts';

const seconds: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, min: 60, h: 3600 };
const perSecond: Readonly<Record<string, number>> = {
  s: 1,
  min: 1 / 60,
  h: 1 / 3600,
  day: 1 / 86400,
};

/** Seconds of a duration. Throws UsageError that shows how one is written. */
export function durationSeconds(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * seconds[match[2]!]!;
  if (value > 0) return value;
  throw new UsageError(
    `--${option} must be a time above 0, such as 50ms, 1.5s, 2min: not "${text}"`,
  );
}

/** Requests a second. Throws UsageError. */
export function ratePerSecond(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*\/\s*(s|min|h|day)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * perSecond[match[2]!]!;
  if (value > 0) return value;
  throw new UsageError(
    `--${option} must be a rate above 0, such as 20/s, 600/min, 1000000/day: not "${text}"`,
  );
}

/** A whole number of tokens from 1 up. Throws UsageError. */
export function wholeTokens(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)(k)?$/i.exec(text);
  const value = match === null ? 0 : Math.round(Number(match[1]) * (match[2] ? 1000 : 1));
  if (value >= 1) return value;
  throw new UsageError(`--${option} must be a number of tokens from 1 up: not "${text}"`);
}
