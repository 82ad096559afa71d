// Traces for tests, written as the Azure ones are.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that is gone after the test. */
export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-what-if-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** One request a second, of a few sizes. */
export function writeTrace(folder: string, requests: number): string {
  const start = Date.UTC(2026, 0, 5);
  const lines = Array.from({ length: requests }, (_, i) => {
    const at = new Date(start + i * 1000).toISOString().replace('T', ' ').replace('Z', '');
    return `${at},${500 + (i % 7) * 300},${50 + (i % 5) * 40}`;
  });
  const file = join(folder, 'trace.csv');
  const header = 'TIMESTAMP,ContextTokens,GeneratedTokens';
  writeFileSync(file, `${[header, ...lines].join('\n')}\n`);
  return file;
}
