// Turns what zod finds into problems with a place and plain words.

import type * as z from 'zod';
import { didYouMean } from './nearest.ts';
import type { ConfigProblem } from './problem.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** `fields` are the names that are allowed in the object at a path, for "did you mean". */
export function shapeProblems(
  source: YamlSource,
  base: Path,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  fields: (path: Path) => readonly string[],
): ConfigProblem[] {
  return issues.flatMap(issue => {
    if (issue.code === 'invalid_union') {
      const issues = meant(issue, valueAt(value, issue.path as Path));
      if (issues !== null) return shapeProblems(source, base, value, issues, fields);
    }
    const inner = issue.path as Path;
    const path = [...base, ...inner];
    if (issue.code === 'unrecognized_keys') {
      const allowed = fields(inner);
      return issue.keys.map(key => {
        const message = `unknown field; allowed: ${allowed.join(', ')}${didYouMean(key, allowed)}`;
        return source.keyProblem([...path, key], message);
      });
    }
    return [source.problem(path, messageOf(issue, valueAt(value, inner)))];
  });
}

/** Of a word or a set of fields, what is wrong with the set when one is there. */
function meant(
  issue: z.core.$ZodIssueInvalidUnion,
  value: unknown,
): readonly z.core.$ZodIssue[] | null {
  const last = issue.errors.at(-1);
  const isSet = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isSet || last === undefined) return null;
  return last.map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Values are not shown: in a file like this one any of them may be a secret. */
function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  const missing = value === undefined;
  switch (issue.code) {
    case 'invalid_type':
      if (missing) return `is missing; it must be ${kinds[issue.expected] ?? issue.expected}`;
      return `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const list = `must be ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`;
      if (missing) return `is missing; it ${list}`;
      return typeof value === 'string' ? list + didYouMean(value, allowed) : list;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return 'must have at least one entry';
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'invalid_union': {
      const given = missing ? 'is missing; it must be' : `is ${kindOf(value)}; it must be`;
      return `${given} ${issue.errors.map(kindsOf).join(' or ')}`;
    }
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a set of fields',
  array: 'a list',
};

/** What one branch of a choice wants. */
function kindsOf([first]: readonly z.core.$ZodIssue[]): string {
  if (first?.code === 'invalid_value') return first.values.join(' or ');
  if (first?.code === 'invalid_type') return kinds[first.expected] ?? first.expected;
  return 'something else';
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  return kinds[typeof value] ?? typeof value;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}
