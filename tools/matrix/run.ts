// `npm run matrix`: runs the tests with the official SDKs and prints which client did what in front
// of which simulated cloud; `--write` puts the tables into docs/matrix.md.

import { globSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from 'node:test';
import { places } from '../../packages/gateway/test/sdk/clouds.ts';
import { cellOf, type Result } from './cell.ts';
import { matrixPage, summary } from './matrix-page.ts';

const root = join(import.meta.dirname, '../..');

interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string };
}

/** The tests of one file, in order: a test is a leaf, what holds others is a suite. */
async function resultsOf(path: string): Promise<Result[]> {
  const file = basename(path, '.test.ts');
  const results: Result[] = [];
  /** Names of what has begun, by depth; and how deep the last result was: suites come last. */
  const names: string[] = [];
  let depth = 0;
  const stream = run({ files: [path] });
  stream.on('test:start', ({ name, nesting }) => {
    names[nesting] = name;
    names.length = nesting + 1;
  });
  const add = (passed: boolean) => (event: TestEvent) => {
    const isLeaf = event.nesting >= depth && event.details.type !== 'suite';
    depth = event.nesting;
    if (!isLeaf || (event.skip !== undefined && event.skip !== false)) return;
    results.push({ file, path: [...names.slice(0, event.nesting), event.name], passed });
  };
  stream.on('test:pass', add(true) as never);
  stream.on('test:fail', add(false) as never);
  for await (const _ of stream);
  return results;
}

const clouds = places.map(({ name }) => name);
const results: Result[] = [];
for (const file of globSync('packages/gateway/test/sdk/*.test.ts', { cwd: root }).sort()) {
  results.push(...(await resultsOf(join(root, file))));
}
const cells = results.map(result => cellOf(result, clouds));
const page = matrixPage(cells, clouds);
if (process.argv.includes('--write')) writeFileSync(join(root, 'docs/matrix.md'), page);
else console.log(page);
console.log(summary(cells));
process.exitCode = cells.every(({ passed }) => passed) ? 0 : 1;
