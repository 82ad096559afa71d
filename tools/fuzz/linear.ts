// Gives every reader of bytes every kind of junk at its full size, each reader in a process of its
// own. A pair that is too slow is stopped, told, and not waited for.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { junk } from '../../packages/dialects/test/fuzz/junk.ts';
import type { Took } from '../../packages/dialects/test/fuzz/linear.ts';
import { type Reader, readers } from '../../packages/dialects/test/fuzz/readers.ts';

const script = join(import.meta.dirname, '../../packages/dialects/test/fuzz/linear.ts');
const junkBytes = 64 * 1024 * 1024;
/** A stream is read in flat memory; a body is text, twice as large as its bytes, and a value. */
const heapMebibytes = { stream: 64, body: 2048 } as const;
/** Of wall time; a machine under load is given some more than the second that is meant. */
const longestMs = 20_000;

/** What one pair took; null where it did not end. */
export interface Measured {
  readonly reader: Reader;
  readonly junk: string;
  readonly took: Took | null;
}

/** Yields each pair as soon as it is read. `only` is a part of the names of readers. */
export async function* measureAll(only = ''): AsyncGenerator<Measured, void, void> {
  for (const reader of readers.filter(({ name }) => name.includes(only))) {
    let rest = junk.map(({ name }) => name);
    while (rest.length > 0) {
      for await (const took of measure(reader, rest)) {
        yield { reader, junk: took.junk, took };
        rest = rest.filter(name => name !== took.junk);
      }
      const [stuck, ...others] = rest;
      if (stuck !== undefined) yield { reader, junk: stuck, took: null };
      rest = others;
    }
  }
}

/** Ends before the last kind where one took too long, or the process crashed. */
async function* measure(reader: Reader, kinds: readonly string[]): AsyncGenerator<Took> {
  const heap = `--max-old-space-size=${heapMebibytes[reader.shape]}`;
  const of = ['--bytes', String(junkBytes), '--reader', reader.name];
  const args = [heap, script, ...of, ...kinds.flatMap(kind => ['--junk', kind])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const watch = new Watch(child);
  for await (const line of createInterface({ input: child.stdout })) {
    watch.restart();
    yield JSON.parse(line) as Took;
  }
  watch.stop();
  await closed;
}

/** Kills a process that has said nothing for too long. */
class Watch {
  readonly #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.restart();
  }

  restart(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#child.kill('SIGKILL'), longestMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
