// All tests with one command: types, lint, then every *.test.ts in a process of its own. Prints
// each failure where it happens, names what was skipped and why, and ends with `N passed, N
// failed`. With ENTREPOT_NO_SKIP=1 a skipped test is a failure: a machine that has all must run
// all.
//
//   npm test                        everything
//   npm test -- packages/engine     only the test files whose path contains a word

import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';

const root = join(import.meta.dirname, '../..');
const words = process.argv.slice(2).filter(a => !a.startsWith('-'));
const mustRunAll = process.env.ENTREPOT_NO_SKIP === '1';
const tally = { passed: 0, failed: 0, skipped: [] as string[] };

/** Types and lint count as one test each. */
async function check(name: string, args: readonly string[]): Promise<void> {
  const child = spawn(join(root, 'node_modules/.bin', args[0]!), args.slice(1), { cwd: root });
  let text = '';
  child.stdout.on('data', d => (text += d));
  child.stderr.on('data', d => (text += d));
  const code = await new Promise(resolve => child.on('close', resolve));
  if (code === 0) {
    tally.passed++;
    console.log(`ok    ${name}`);
  } else {
    tally.failed++;
    console.log(`FAIL  ${name}\n${text}`);
  }
}

interface TestEvent {
  name: string;
  file?: string;
  skip?: string | boolean;
  details: { type?: string; duration_ms: number; error?: { message: string; cause?: unknown } };
}

function passed(event: TestEvent): void {
  if (event.details.type === 'suite') return;
  if (event.skip === undefined || event.skip === false) tally.passed++;
  else tally.skipped.push(`${where(event)}: ${event.name}: ${event.skip || 'no reason given'}`);
}

function failed(event: TestEvent): void {
  const cause = event.details.error?.cause;
  const isParent = String((cause as Error)?.message ?? cause).includes('subtest');
  if (isParent || event.details.type === 'suite') return;
  tally.failed++;
  const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  console.log(`FAIL  ${where(event)}: ${event.name}\n      ${reason.replaceAll('\n', '\n      ')}`);
}

function where(event: TestEvent): string {
  return event.file ? relative(root, event.file) : '?';
}

async function runFiles(files: string[]): Promise<void> {
  const started = Date.now();
  const stream = run({ files, concurrency: availableParallelism(), timeout: 300_000 });
  stream.on('test:pass', passed as never);
  stream.on('test:fail', failed as never);
  stream.on('test:stderr', e => process.stderr.write(e.message));
  const done = new Set<string>();
  stream.on('test:complete', e => {
    if (!e.file || e.nesting !== 0 || done.has(e.file)) return;
    done.add(e.file);
    progress(`${done.size}/${files.length} files, ${tally.passed} passed`);
  });
  for await (const _ of stream);
  progress('');
  console.log(`ok    ${files.length} test files in ${Math.round((Date.now() - started) / 1000)} s`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

const files = globSync(
  ['packages/*/test/**/*.test.ts', 'tools/**/*.test.ts', 'docs/**/*.test.ts'],
  {
    cwd: root,
  },
)
  .filter(f => words.length === 0 || words.some(w => f.includes(w)))
  .map(f => join(root, f))
  .sort();
if (files.length === 0) {
  console.log(`No test file matches ${words.join(', ')}.`);
  process.exit(2);
}
if (words.length === 0) {
  await check('types (tsc --noEmit)', ['tsc', '--noEmit']);
  await check('lint and format (biome check)', ['biome', 'check', '.']);
}
await runFiles(files);
for (const line of tally.skipped) console.log(`skip  ${line}`);
const failures = tally.failed + (mustRunAll ? tally.skipped.length : 0);
if (mustRunAll && tally.skipped.length > 0) console.log('Nothing may be skipped here.');
const skipped = mustRunAll || tally.skipped.length === 0 ? '' : `, ${tally.skipped.length} skipped`;
console.log(`${tally.passed} passed, ${failures} failed${skipped}`);
process.exitCode = failures === 0 ? 0 : 1;
