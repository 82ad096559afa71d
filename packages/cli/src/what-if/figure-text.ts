// Figures as people read them, with their intervals.

import type { Interval } from '@entrepot/replay/what-if/interval';

export type Form = (value: number) => string;

export const usd: Form = value => {
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 1 ? 2 : 4;
  const text = size.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${value < 0 && Number(text.replaceAll(',', '')) !== 0 ? '-' : ''}$${text}`;
};

/** A change: with its sign. */
export const usdChange: Form = value => (value > 0 ? `+${usd(value)}` : usd(value));

export const ms: Form = value =>
  value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;

export const percent: Form = value => `${Number((value * 100).toFixed(3))} %`;

export const whole: Form = value => Math.round(value).toLocaleString('en-US');

/** `$12.00 ($10.00 to $14.00)`; `unknown` where it is. */
export function figure(value: number | null, interval: Interval | null, form: Form): string {
  if (value === null) return 'unknown';
  if (interval === null) return form(value);
  const [low, high] = interval.map(form);
  return low === high ? form(value) : `${form(value)} (${low} to ${high})`;
}
