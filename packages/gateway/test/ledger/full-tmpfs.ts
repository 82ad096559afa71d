// Run by full-disk.test.ts in a mount namespace of its own: fills a real file system, takes the
// space away and gives it back, and prints what the ledger did.

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, reservation } from './sample.ts';

const folder = process.argv[2]!;
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
if (mounted.status !== 0) throw new Error(`mount: ${mounted.stderr}`);

const path = join(folder, 'ledger.db');
const ballast = join(folder, 'ballast');
const ledger = await openLedger({ path, mode: 'durable' });
await ledger.reserve(reservation('kept'));
fillUp();
const refused = await codeOf(ledger.reserve(reservation('refused')));
ledger.settle(entry('kept'));
const flushed = await codeOf(ledger.flush());
rmSync(ballast);
await ledger.flush();
await ledger.reserve(reservation('after'));
ledger.settle(entry('after'));
await ledger.close();
const reader = readLedger(path);
const check = await reader.check(['kept', 'after']);
await reader.close();
console.log(JSON.stringify({ refused, flushed, check, lost: ledger.stats().lost }));

/** Takes all space that is left. */
function fillUp(): void {
  const page = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(ballast, page, { flag: 'a' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
}

async function codeOf(promise: Promise<void>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
