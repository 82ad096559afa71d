// Proves a few habits that no linter holds: nothing left behind, no barrels, one title per page,
// and documents that name only files that exist.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, sourceFiles } from './source-files.ts';

const code = sourceFiles(/^(packages|tools|bench|examples)\/.*\.(ts|js)$/);
const pages = sourceFiles(/\.md$/);

test('nothing is left behind: no marks of unfinished work, no focused tests', () => {
  const wrong: string[] = [];
  for (const { path, lines } of code.filter(f => f.path !== 'tools/tidy/words.test.ts')) {
    lines.forEach((line, i) => {
      if (/\b(TODO|FIXME|XXX)\b|\b(test|it|describe)\.only\(|\bdebugger\b/.test(line)) {
        wrong.push(`${path}:${i + 1}: ${line.trim()}`);
      }
    });
  }
  assert.deepEqual(wrong, []);
});

test('no file only passes on what another exports', () => {
  const barrels = code.filter(({ lines }) => {
    const statements = lines.filter(l => l.trim() !== '' && !/^\s*(\/\/|\*|\/\*)/.test(l));
    return statements.length > 0 && statements.every(l => /^export .* from /.test(l));
  });
  assert.deepEqual(
    barrels.map(f => f.path),
    [],
  );
});

test('every test file opens with a comment that says what is proved', () => {
  const tests = code.filter(f => f.path.endsWith('.test.ts'));
  assert.deepEqual(
    tests.filter(f => !f.text.startsWith('// ')).map(f => f.path),
    [],
  );
});

test('every page has exactly one title', () => {
  const wrong = pages.filter(({ text }) => {
    const outside = text.replace(/```[\s\S]*?```/g, '');
    return [...outside.matchAll(/^# /gm)].length !== 1;
  });
  assert.deepEqual(
    wrong.map(f => f.path),
    [],
  );
});

test('pages name only files that exist', () => {
  const wrong: string[] = [];
  for (const { path, text } of pages) {
    for (const match of text.matchAll(
      /`((?:packages|catalog|tools|bench|docs|examples)\/[^`\s*]*)`/g,
    )) {
      const named = match[1]!.replace(/[{<].*$/, '');
      if (!existsSync(join(root, named))) wrong.push(`${path} names ${match[1]}`);
    }
  }
  assert.deepEqual(wrong, []);
});
