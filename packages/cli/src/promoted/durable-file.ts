// Files that are whole or not there, also after a crash or a loss of power: written beside, synced,
// and renamed.

import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces what was there. */
export function writeDurably(path: string, text: string): void {
  const beside = `${path}.new-${process.pid}`;
  writeSynced(beside, text, 'w');
  renameSync(beside, path);
  syncFolder(dirname(path));
}

/** Adds at the end, in one write. */
export function appendDurably(path: string, text: string): void {
  writeSynced(path, text, 'a');
  syncFolder(dirname(path));
}

/** What was renamed, made or removed in a folder stays so. */
export function syncFolder(path: string): void {
  // Windows has no handle on a folder, and needs none.
  if (process.platform === 'win32') return;
  sync(openSync(path, 'r'));
}

function writeSynced(path: string, text: string, flags: string): void {
  const file = openSync(path, flags);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  sync(file);
}

function sync(file: number): void {
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
