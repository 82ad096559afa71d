// The right to write, which one process at a time has. SQLite's own waiting sleeps ever longer, up
// to 100 ms: where others write every few milliseconds, who has waited loses to who comes new.

import type { DatabaseSync } from 'node:sqlite';

const pauseMs = 0.5;
const busy = 5;
const never = new Int32Array(new SharedArrayBuffer(4));

/** Begins a transaction that writes. Throws what SQLite says, also when it took too long. */
export function beginWrite(database: DatabaseSync, busyTimeoutMs: number): void {
  const untilMs = performance.now() + busyTimeoutMs;
  database.exec('PRAGMA busy_timeout = 0');
  try {
    while (!began(database, performance.now() >= untilMs)) Atomics.wait(never, 0, 0, pauseMs);
  } finally {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  }
}

function began(database: DatabaseSync, isLast: boolean): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    const { errcode } = error as { errcode?: unknown };
    if (isLast || typeof errcode !== 'number' || (errcode & 0xff) !== busy) throw error;
    return false;
  }
}
