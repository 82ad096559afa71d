// Where one processor has all, the thread that serves goes before the one that writes: a batch of
// rows takes some milliseconds, and a caller would wait for it.

import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A quarter of a processor that is wanted by both; writing needs a tenth. */
const niceness = 5;
/** Requests in turn, a quarter of a millisecond of work, and how long others then go first. */
export const breathRows = 32;
const breathMs = 0.1;

const never = new Int32Array(new SharedArrayBuffer(4));

/** Of the calling thread alone, where the system has priorities of threads: Linux. */
export function giveWay(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), niceness);
  } catch {
    // Elsewhere both are equals.
  }
}

/** Sleeps a moment: the system gives a processor back only after some milliseconds otherwise. */
export function breathe(): void {
  Atomics.wait(never, 0, 0, breathMs);
}
