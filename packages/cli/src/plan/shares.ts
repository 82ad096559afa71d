// Parts of a whole, each with its share: of a step's time, of a chip's memory.

import { left, right, table } from '../commands/catalog/table.ts';
import { percent } from './quantity.ts';

export type Numbers = Readonly<Record<string, number>>;

/** The parts that are there, the largest first, each with its share of their sum. */
export function shares(
  parts: Numbers,
  names: Readonly<Record<string, string>>,
  show: (value: number) => string,
): string {
  const known = Object.keys(names).filter(name => (parts[name] ?? 0) > 0);
  const sum = known.reduce((total, name) => total + parts[name]!, 0);
  const rows = known
    .sort((a, b) => parts[b]! - parts[a]!)
    .map(name => ['', names[name]!, show(parts[name]!), percent(parts[name]! / sum)]);
  return body(table([left(''), left('-'), right('-'), right('-')], rows));
}

/** A table without the line of its titles. */
export function body(text: string): string {
  return text.slice(text.indexOf('\n') + 1);
}
