// Proves that junk costs every reader of bytes time in proportion to its size, and no memory: in a
// process with a small heap, by its own CPU time. 64 MiB of each: npm run fuzz -- --linear

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

interface Told {
  readonly took: readonly { readonly reader: string; readonly junk: string; readonly ms: number }[];
  readonly growthBytes: number;
}

const mebibytes = 1;
/** The slowest, an event of ten bytes after another, needs about 110 ms for a MiB. */
const mostMs = 1_000;

test(`${mebibytes} MiB of junk of each kind`, () => {
  const file = join(import.meta.dirname, 'linear.ts');
  const args = ['--max-old-space-size=64', file, String(mebibytes)];
  const { took, growthBytes } = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8' }),
  ) as Told;
  assert.ok(took.length > 400);
  assert.deepEqual(
    took.filter(({ ms }) => ms > mostMs),
    [],
  );
  assert.ok(growthBytes < 64 * 1024 * 1024, `${growthBytes} bytes`);
});
