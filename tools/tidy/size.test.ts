// Proves that files stay small. Over 300 lines is allowed only to those listed in ratchet.json, and
// they may shrink and not grow; over 600 to none. Data and generated files do not count.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, sourceFiles } from './source-files.ts';

const usualLines = 300;
const mostLines = 600;
const columns = 100;

const ratchet = JSON.parse(readFileSync(join(root, 'tools/tidy/ratchet.json'), 'utf8')) as Readonly<
  Record<string, number>
>;
const sources = sourceFiles(/^(packages|tools|bench|examples)\/.*\.(ts|js)$/);

test(`no file is over ${usualLines} lines, but for those of the ratchet, which do not grow`, () => {
  const wrong: string[] = [];
  for (const { path, lines } of sources.filter(f => !f.path.includes('/test/'))) {
    const limit = ratchet[path] ?? usualLines;
    if (lines.length > limit)
      wrong.push(`${path} has ${lines.length} lines; its limit is ${limit}`);
  }
  assert.deepEqual(wrong, []);
});

test('no file of the ratchet has shrunk without its limit, is gone, or is over the ceiling', () => {
  const wrong: string[] = [];
  for (const [path, limit] of Object.entries(ratchet)) {
    const size = sources.find(f => f.path === path)?.lines.length ?? 0;
    if (size <= usualLines) wrong.push(`${path} needs no exception any more: take it out`);
    else if (size < limit)
      wrong.push(`${path} has ${size} lines now: lower its limit from ${limit}`);
    if (limit > mostLines) wrong.push(`${path}: ${limit} is over the ceiling of ${mostLines}`);
  }
  assert.deepEqual(wrong, []);
});

test(`no test file is over ${mostLines} lines`, () => {
  const tests = sources.filter(f => f.path.includes('/test/'));
  const wrong = tests.filter(f => f.lines.length > mostLines);
  assert.deepEqual(
    wrong.map(f => f.path),
    [],
  );
});

test(`no line is over ${columns} columns, but for one that holds a long string`, () => {
  const wrong: string[] = [];
  for (const { path, lines } of sources) {
    lines.forEach((line, i) => {
      const holdsString = /['"`/].{30,}/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line);
      if (line.length > columns && !holdsString) wrong.push(`${path}:${i + 1}: ${line.length}`);
    });
  }
  assert.deepEqual(wrong, []);
});
