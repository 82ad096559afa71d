// In a process of its own with a small heap: gives one reader of bytes, or all, each kind of junk
// in one size after another, and writes a line for each as soon as it is read: the CPU time of this
// process, and the most memory that it has had so far beyond the junk itself.
//
//   node linear.ts --bytes N [--bytes M] [--reader NAME] [--shape stream] [--junk NAME ...]

import { parseArgs } from 'node:util';
import { DialectError } from '@entrepot/dialects/dialect';
import { junk } from './junk.ts';
import { type Reader, readers } from './readers.ts';

/** What one reader took for one kind of junk. */
export interface Took {
  readonly reader: string;
  readonly shape: Reader['shape'];
  readonly junk: string;
  readonly kind: 'junk' | 'content';
  /** For each size, in their order. */
  readonly ms: readonly number[];
  readonly growthBytes: number;
}

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', multiple: true, default: [] },
    reader: { type: 'string' },
    shape: { type: 'string' },
    junk: { type: 'string', multiple: true },
  },
});
const buffers = values.bytes.map(size => Buffer.alloc(Number(size), 1));
const rssBytes = process.memoryUsage().rss;

for (const reader of readers) {
  if (values.reader !== undefined && values.reader !== reader.name) continue;
  if (values.shape !== undefined && values.shape !== reader.shape) continue;
  for (const { name, kind, fill } of junk) {
    if (values.junk !== undefined && !values.junk.includes(name)) continue;
    const ms = buffers.map(buffer => {
      fill(buffer);
      return cpuMs(() => reader.read(buffer));
    });
    const growthBytes = process.resourceUsage().maxRSS * 1024 - rssBytes;
    const took: Took = {
      reader: reader.name,
      shape: reader.shape,
      junk: name,
      kind,
      ms,
      growthBytes,
    };
    process.stdout.write(`${JSON.stringify(took)}\n`);
  }
}

function cpuMs(read: () => void): number {
  const began = process.cpuUsage();
  try {
    read();
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
  }
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
