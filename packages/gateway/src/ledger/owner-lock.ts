// Who owns a reservation, and whether that process still lives. Each writer of a ledger holds an
// exclusive lock on a file of its own beside the ledger (`<ledger>-owner-<id>`). The kernel gives
// the lock up when the process ends, however it ends, so a lock that can be taken belongs to a dead
// owner: no process ids that are reused, no heartbeats that a paused process misses. SQLite takes
// the lock, since Node has no call for it. Owner ids are never used twice.

import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

export interface OwnerLock {
  readonly owner: string;
  /** Gives the lock up and removes its file. */
  release(): void;
}

/** Throws when the folder cannot be written. */
export function takeOwnerLock(ledgerPath: string): OwnerLock {
  for (;;) {
    const owner = randomBytes(8).toString('hex');
    const path = lockPath(ledgerPath, owner);
    const lock = new DatabaseSync(path, { timeout: 0 });
    // A buryer may have found the file before it was locked: then it is gone, or being removed.
    if (locked(lock) && existsSync(path)) return { owner, release: () => remove(path, lock) };
    lock.close();
  }
}

/** True when the owner is dead; the file of its lock is removed. */
export function buryIfDead(ledgerPath: string, owner: string): boolean {
  const path = lockPath(ledgerPath, owner);
  if (!existsSync(path)) return true;
  let lock: DatabaseSync;
  try {
    // Never creates the file: a new one would pass for the removed one.
    lock = new DatabaseSync(new URL(`${pathToFileURL(resolve(path)).href}?mode=rw`), {
      timeout: 0,
    });
  } catch {
    return !existsSync(path);
  }
  if (!locked(lock)) {
    lock.close();
    return false;
  }
  // Removed while it is locked, so that no new owner can take it in between.
  remove(path, lock);
  return true;
}

/** Owners whose lock files stand beside the ledger. */
export function lockedOwners(ledgerPath: string): string[] {
  const prefix = `${basename(ledgerPath)}-owner-`;
  return readdirSync(dirname(resolve(ledgerPath)))
    .filter(name => name.startsWith(prefix) && /^[0-9a-f]{16}$/.test(name.slice(prefix.length)))
    .map(name => name.slice(prefix.length));
}

function lockPath(ledgerPath: string, owner: string): string {
  return `${ledgerPath}-owner-${owner}`;
}

function locked(lock: DatabaseSync): boolean {
  try {
    // Without a journal on disk: nothing is ever written, and nothing is left behind.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch {
    return false;
  }
}

function remove(path: string, lock: DatabaseSync): void {
  rmSync(path, { force: true });
  lock.close();
}
