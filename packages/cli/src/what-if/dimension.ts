// What a sweep varies: a part of the policy, over some values.

import type { ConstraintEdits, PolicyEdit } from '@entrepot/catalog/policy-edit';
import { objectives } from '@entrepot/catalog/policy-edit';
import { nearest } from '@entrepot/gateway/config/nearest';
import { UsageError } from '../command.ts';

export interface Dimension {
  readonly name: string;
  readonly values: readonly (string | number)[];
}

/** Steps of a range that says none. */
const usualSteps = 6;
const mostCases = 500;
/** Of a range: more is a slip of the pen. */
const mostSteps = 10_000;

const numbers: Readonly<Record<string, (value: number) => ConstraintEdits>> = {
  maxShare: value => ({ maxShare: value }),
  maxTtftMs: value => ({ maxTtftMs: value }),
  minQuality: value => ({ minQuality: value }),
  maxInputUsdPerMtok: value => ({ maxInputPicoUsd: Math.round(value * 1e6) }),
  maxOutputUsdPerMtok: value => ({ maxOutputPicoUsd: Math.round(value * 1e6) }),
};
const names = ['objective', 'residency', ...Object.keys(numbers)];

/** `maxShare=0.4..1.0`, `maxShare=0.4..1.0:0.2`, `objective=cost,latency`. Throws UsageError. */
export function readDimensions(texts: readonly string[]): Dimension[] {
  const dimensions = texts.map(readDimension);
  const cases = dimensions.reduce((product, { values }) => product * values.length, 1);
  if (cases > mostCases) throw new UsageError(`--vary makes ${cases} cases: at most ${mostCases}`);
  return dimensions;
}

function readDimension(text: string): Dimension {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at));
  if (!names.includes(name)) {
    const near = nearest(name, names);
    const hint = near === null ? '' : ` Did you mean ${near}?`;
    throw new UsageError(`--vary ${text}: varies one of ${names.join(', ')}.${hint}`);
  }
  const given = text.slice(at + 1);
  const values = name in numbers ? numbersOf(given, text) : given.split(',').filter(v => v !== '');
  if (values.length === 0) throw new UsageError(`--vary ${text}: there is no value in it`);
  const wrong = name === 'objective' ? values.find(v => !isObjective(v)) : undefined;
  if (wrong === undefined) return { name, values };
  throw new UsageError(`--vary ${text}: ${wrong} is none of ${objectives.join(', ')}`);
}

function isObjective(value: string | number): value is (typeof objectives)[number] {
  return (objectives as readonly (string | number)[]).includes(value);
}

function numbersOf(given: string, text: string): number[] {
  const range = /^([\d.]+)\.\.([\d.]+?)(?::([\d.]+))?$/.exec(given);
  const values = range === null ? given.split(',').map(Number) : spread(range.slice(1).map(Number));
  const isShare = /^(maxShare|minQuality)=/.test(text);
  if (isShare && values.some(value => value > 1)) {
    throw new UsageError(`--vary ${text}: it is a share, from 0 to 1`);
  }
  if (values.length > 0 && values.every(value => value > 0)) return values;
  throw new UsageError(`--vary ${text}: write 0.4..1.0, 0.4..1.0:0.2 or 0.4,0.6`);
}

function spread([from, to, step]: readonly number[]): number[] {
  const steps = Number.isNaN(step) ? usualSteps : Math.floor((to! - from!) / step! + 1e-9);
  if (!(steps >= 1 && steps < mostSteps)) return [];
  const width = Number.isNaN(step) ? (to! - from!) / usualSteps : step!;
  return Array.from({ length: steps + 1 }, (_, i) => Number((from! + i * width).toPrecision(6)));
}

/** One value of each dimension, and what it makes of the policy. */
export interface Point {
  readonly name: string;
  readonly edit: PolicyEdit;
}

/** All combinations; none without dimensions. */
export function pointsOf(dimensions: readonly Dimension[]): Point[] {
  if (dimensions.length === 0) return [];
  const empty: Point = { name: '', edit: { place: { file: '--vary', line: 1 }, constraints: {} } };
  return dimensions.reduce<Point[]>(
    (points, { name, values }) =>
      points.flatMap(point =>
        values.map(value => ({
          name: `${point.name} ${name}=${value}`.trim(),
          edit: edited(point.edit, name, value),
        })),
      ),
    [empty],
  );
}

function edited(edit: PolicyEdit, name: string, value: string | number): PolicyEdit {
  if (name === 'objective' && isObjective(value)) return { ...edit, objective: value };
  const constraints =
    typeof value === 'number' ? numbers[name]!(value) : { residency: value.split('+') };
  return { ...edit, constraints: { ...edit.constraints, ...constraints } };
}
