// Where one processor has all, the thread that serves goes before the one that writes: a batch of
// rows takes a millisecond or more, and a caller would wait for it.

import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A quarter of a processor that is wanted by both; writing needs a tenth. */
const niceness = 5;

/** Of the calling thread alone, where the system has priorities of threads: Linux. */
export function giveWay(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), niceness);
  } catch {
    // Elsewhere both are equals.
  }
}
