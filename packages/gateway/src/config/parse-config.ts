// The text of a configuration file becomes typed sections and entries. Each is checked by itself,
// so that one run reports everything that is wrong and the rest can still be resolved.

import type * as z from 'zod';
import type { ServerLimits } from './gateway-config.ts';
import { didYouMean } from './nearest.ts';
import type { ConfigProblem } from './problem.ts';
import {
  auth,
  type DeploymentEntry,
  type EngineSection,
  fieldsAt,
  type KeyEntry,
  type LedgerSection,
  type ListenSection,
  lists,
  type ResponsesSection,
  type RouteEntry,
  sections,
  topLevelFields,
} from './schema.ts';
import { shapeProblems } from './shape-problems.ts';
import { type Path, YamlSource } from './yaml-source.ts';

export interface Entry<T> {
  readonly path: Path;
  readonly value: T;
}

export interface ParsedConfig {
  readonly source: YamlSource;
  /** What is wrong so far. Sections and entries that are named here are defaults or left out. */
  readonly problems: readonly ConfigProblem[];
  readonly auth: 'keys' | 'none';
  readonly listen: ListenSection;
  readonly ledger: LedgerSection;
  readonly responses: ResponsesSection;
  readonly limits: ServerLimits;
  readonly engine: EngineSection;
  readonly keys: EntryList<KeyEntry>;
  readonly deployments: EntryList<DeploymentEntry>;
  readonly routes: EntryList<RouteEntry>;
}

export interface EntryList<T> {
  readonly entries: readonly Entry<T>[];
  /** How many the file has, those left out included. */
  readonly count: number;
  /** Names of those left out: others may refer to them without a second complaint. */
  readonly brokenNames: ReadonlySet<string>;
}

/**
 * Never throws: what is wrong is in `problems`. `file` is the name that problems are shown with.
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  const source = new YamlSource(text, file);
  const parser = new Parser(source);
  return {
    source,
    problems: parser.problems,
    auth: parser.auth(),
    listen: parser.section('listen', sections.listen),
    ledger: parser.section('ledger', sections.ledger),
    responses: parser.section('responses', sections.responses),
    limits: parser.section('limits', sections.limits),
    engine: parser.section('engine', sections.engine),
    keys: parser.list('keys', lists.keys),
    deployments: parser.list('deployments', lists.deployments),
    routes: parser.list('routes', lists.routes),
  };
}

class Parser {
  readonly problems: ConfigProblem[];
  readonly #source: YamlSource;
  readonly #root: Readonly<Record<string, unknown>>;

  constructor(source: YamlSource) {
    this.#source = source;
    this.problems = [...source.problems];
    const { value } = source;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#root = isObject ? (value as Record<string, unknown>) : {};
    if (!isObject && this.problems.length === 0) {
      this.problems.push(source.problem([], `must be fields: ${topLevelFields.join(', ')}`));
    }
    for (const name of Object.keys(this.#root)) {
      if (topLevelFields.includes(name)) continue;
      const allowed = topLevelFields.join(', ');
      const message = `unknown field; allowed: ${allowed}${didYouMean(name, topLevelFields)}`;
      this.problems.push(source.keyProblem([name], message));
    }
  }

  auth(): 'keys' | 'none' {
    const value = this.#value('auth');
    return value === undefined ? 'keys' : (this.#parse(auth, ['auth'], value) ?? 'keys');
  }

  section<T>(name: string, schema: z.ZodType<T>): T {
    return this.#parse(schema, [name], this.#value(name) ?? {}) ?? schema.parse({});
  }

  list<T>(name: string, schema: z.ZodType<T>): EntryList<T> {
    const value = this.#value(name) ?? [];
    if (!Array.isArray(value)) {
      this.problems.push(this.#source.problem([name], 'must be a list'));
      return { entries: [], count: Number.NaN, brokenNames: new Set() };
    }
    const entries: Entry<T>[] = [];
    const brokenNames = new Set<string>();
    for (const [i, item] of value.entries()) {
      const path = [name, i];
      const parsed = this.#parse(schema, path, item);
      if (parsed !== null) entries.push({ path, value: parsed });
      else brokenNames.add(String((item as { name?: unknown } | null)?.name));
    }
    return { entries, count: value.length, brokenNames };
  }

  /** A field that is there but empty is as one that is not there. */
  #value(name: string): unknown {
    return Object.hasOwn(this.#root, name) ? (this.#root[name] ?? undefined) : undefined;
  }

  #parse<T>(schema: z.ZodType<T>, path: Path, value: unknown): T | null {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const fields = (inner: Path): readonly string[] => fieldsAt(schema, inner);
    this.problems.push(...shapeProblems(this.#source, path, value, result.error.issues, fields));
    return null;
  }
}
