// Proves that the packages stand in the order of the architecture: each imports only what it may,
// there are no cycles, and the pure ones touch no clock, random source, disk or network.

import assert from 'node:assert/strict';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { importsOf, type SourceFile, sourceFiles } from './source-files.ts';

/** What each package may import. ARCHITECTURE.md shows the same picture. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  catalog: [],
  dialects: [],
  engine: ['catalog'],
  gateway: ['engine', 'dialects', 'catalog'],
  traffic: ['catalog'],
  replay: ['engine', 'catalog', 'traffic'],
  planner: ['catalog'],
  simcloud: ['dialects', 'catalog'],
  console: [],
  cli: ['catalog', 'dialects', 'engine', 'gateway', 'traffic', 'replay', 'planner', 'simcloud'],
};
const pure = ['catalog', 'dialects', 'engine', 'replay', 'planner'];
/** Pure files of a package that is not, and the only ones of it that pure packages may import. */
const pureFiles = ['packages/traffic/src/request-columns.ts'];

const sources = sourceFiles(/^packages\/[^/]+\/src\/.*\.ts$/);

function packageOf(file: SourceFile): string {
  return file.path.split('/')[1]!;
}

function isPure(file: SourceFile): boolean {
  return pure.includes(packageOf(file)) || pureFiles.includes(file.path);
}

test('a package imports only the packages that stand after its arrow', () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const own = packageOf(file);
    for (const specifier of importsOf(file)) {
      const other = /^@entrepot\/([^/]+)/.exec(specifier)?.[1];
      if (other !== undefined && !allowed[own]?.includes(other)) {
        wrong.push(`${file.path}: ${own} may not import ${specifier}`);
      }
      const target = normalize(join(dirname(file.path), specifier));
      if (specifier.startsWith('.') && !target.startsWith(`packages/${own}/`)) {
        wrong.push(`${file.path}: ${specifier} reaches into another package by path`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('a pure package imports nothing but what is pure', () => {
  const wrong: string[] = [];
  for (const file of sources.filter(isPure)) {
    for (const specifier of importsOf(file)) {
      const target = resolve(file, specifier) ?? '';
      const other = sources.find(source => source.path === target);
      if (other !== undefined && !isPure(other)) wrong.push(`${file.path}: ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('dialects never import each other', () => {
  const wrong: string[] = [];
  for (const file of sources.filter(f => f.path.startsWith('packages/dialects/src/'))) {
    const folder = dirname(file.path);
    for (const specifier of importsOf(file).filter(s => s.startsWith('.'))) {
      const target = normalize(join(folder, specifier));
      const inFolder = target.split('/').length > 4;
      if (inFolder && !target.startsWith(`${folder}/`)) wrong.push(`${file.path}: ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('there are no cycles of imports between files', () => {
  const graph = new Map<string, string[]>();
  for (const file of sources) {
    const targets = importsOf(file).map(specifier => resolve(file, specifier));
    graph.set(
      file.path,
      targets.filter(t => t !== null),
    );
  }
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) assert.fail(`cycle: ${[...trail, path].join(' -> ')}`);
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

/** Type-only imports are erased, so they make no cycle at run time; these are value imports too. */
function resolve(file: SourceFile, specifier: string): string | null {
  const isType = new RegExp(`import type [^;]*from ['"]${literal(specifier)}['"]`).test(file.text);
  if (isType) return null;
  if (specifier.startsWith('.')) return normalize(join(dirname(file.path), specifier));
  const match = /^@entrepot\/([^/]+)\/(.+)$/.exec(specifier);
  return match === null ? null : `packages/${match[1]}/src/${match[2]}.ts`;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)/, 'the clock'],
  [/\bperformance\.now\b|\bprocess\.hrtime\b/, 'the clock'],
  [/\bMath\.random\b|\brandomBytes\b|\brandomUUID\b/, 'a random source'],
  [/\bset(?:Timeout|Interval|Immediate)\b/, 'a timer'],
  [/\bprocess\.(?:env|argv|cwd)\b/, 'the process'],
  [/['"]node:(?:fs|net|http|https|dns|tls|child_process|worker_threads)/, 'input or output'],
  [/\bfetch\(|['"]undici['"]/, 'the network'],
];

test('pure packages have no clock, random source, timer, disk or network', () => {
  const wrong: string[] = [];
  for (const file of sources.filter(isPure)) {
    file.lines.forEach((line, i) => {
      const code = line.replace(/\/\/.*$|^\s*\*.*$/, '');
      for (const [pattern, what] of impure) {
        if (pattern.test(code)) wrong.push(`${file.path}:${i + 1}: touches ${what}`);
      }
    });
  }
  assert.deepEqual(wrong, []);
});

test('every source file is used: imported, started as a worker, or the entry of a command', () => {
  const everything = sourceFiles(/\.(ts|js)$/);
  const used = new Set<string>();
  for (const file of everything) {
    for (const specifier of importsOf(file)) {
      const isOwn = specifier.startsWith('@entrepot/');
      const target = isOwn
        ? specifier.replace(/^@entrepot\/([^/]+)\/(.+)$/, 'packages/$1/src/$2.ts')
        : normalize(join(dirname(file.path), specifier));
      used.add(target);
    }
    for (const match of file.text.matchAll(/new URL\(\s*['"]([^'"]+\.ts)['"]/g)) {
      used.add(normalize(join(dirname(file.path), match[1]!)));
    }
  }
  const orphans = sources.map(f => f.path).filter(path => !used.has(path));
  assert.deepEqual(orphans, []);
});
