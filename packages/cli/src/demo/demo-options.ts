// The demo's options, checked.

import { UsageError } from '../command.ts';
import { portOf } from '../commands/serve.ts';

export interface DemoOptions {
  readonly exit: boolean;
  readonly json: string | null;
  readonly seconds: number;
  readonly trace: string | null;
  /** null takes the usual port, or a free one when that is taken. */
  readonly port: number | null;
  readonly seed: number;
  readonly real: boolean;
  /** null keeps no ledger after the end. */
  readonly ledger: string | null;
}

type Values = Readonly<Record<string, string | boolean | string[] | undefined>>;

/** Throws UsageError naming the option. */
export function demoOptions(values: Values): DemoOptions {
  const text = (name: string): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  const number = (name: string, least: number, most: number, otherwise: number): number => {
    const given = text(name);
    if (given === null) return otherwise;
    const value = Number(given);
    if (given.trim() !== '' && value >= least && value <= most) return value;
    const range = `a number from ${least} to ${most}`;
    throw new UsageError(`--${name} takes ${range}, not ${JSON.stringify(given)}`);
  };
  const port = text('port');
  return {
    exit: values.exit === true,
    json: text('json'),
    seconds: number('seconds', 2, 3600, 30),
    trace: text('trace'),
    port: port === null ? null : portOf(port),
    seed: Math.floor(number('seed', 0, 2 ** 32 - 1, 1)),
    real: values.real === true,
    ledger: text('ledger'),
  };
}
