// In a process of its own with a small heap: gives each reader of bytes each kind of junk, and
// prints the CPU time of each and the memory that all of them took.
//
//   node linear.ts MEBIBYTES

import { DialectError } from '@entrepot/dialects/dialect';
import { EventStreamFramer } from '@entrepot/dialects/event-stream';
import { JsonArrayToSse } from '@entrepot/dialects/gemini/json-array';
import { scanJson } from '@entrepot/dialects/json-scan';
import { SseFramer, SseParser } from '@entrepot/dialects/sse';
import { answerContext } from '../shared/answer-context.ts';
import { dialects } from './dialects.ts';
import { junk } from './junk.ts';

interface Took {
  readonly reader: string;
  readonly junk: string;
  readonly ms: number;
}

/** As sockets give it. */
const pieceBytes = 64 * 1024;

function pieces(bytes: Buffer, push: (piece: Buffer) => unknown): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) push(bytes.subarray(at, at + pieceBytes));
}

type Reader = (bytes: Buffer) => void;

const path = { model: 'm', stream: true };
const readers: readonly (readonly [string, Reader])[] = [
  ...dialects.flatMap((dialect): [string, Reader][] => [
    [`${dialect.name} scan`, bytes => dialect.scan(bytes, path)],
    [`${dialect.name} decodeRequest`, bytes => dialect.decodeRequest(bytes, path)],
    [`${dialect.name} decodeResponse`, bytes => dialect.decodeResponse(bytes, {}, answerContext)],
    [`${dialect.name} decodeError`, bytes => dialect.decodeError(500, {}, bytes)],
    [
      `${dialect.name} stream decoder`,
      bytes => {
        const decoder = dialect.decoder(answerContext);
        pieces(bytes, piece => decoder.push(piece));
        decoder.end();
      },
    ],
    [
      `${dialect.name} tap`,
      bytes => {
        const tap = dialect.tap({ hideUsage: true });
        pieces(bytes, piece => tap.push(piece));
        tap.end();
      },
    ],
  ]),
  ['JSON scan', bytes => scanJson(bytes)],
  [
    'SSE parser',
    bytes => {
      const parser = new SseParser();
      pieces(bytes, piece => parser.push(piece));
    },
  ],
  [
    'SSE framer',
    bytes => {
      const framer = new SseFramer();
      pieces(bytes, piece => framer.push(piece));
    },
  ],
  [
    'event-stream framer',
    bytes => {
      const framer = new EventStreamFramer();
      pieces(bytes, piece => [...framer.push(piece)]);
    },
  ],
  [
    'JSON array',
    bytes => {
      const array = new JsonArrayToSse();
      pieces(bytes, piece => array.push(piece));
    },
  ],
];

const sizeBytes = Number(process.argv[2] ?? 64) * 1024 * 1024;
const took: Took[] = [];
let growthBytes = 0;
for (const { name, make } of junk) {
  const bytes = make(sizeBytes);
  for (const [reader, read] of readers) {
    const before = process.memoryUsage().rss;
    const began = process.cpuUsage();
    try {
      read(bytes);
    } catch (cause) {
      if (!(cause instanceof DialectError)) throw cause;
    }
    const { user, system } = process.cpuUsage(began);
    took.push({ reader, junk: name, ms: (user + system) / 1000 });
    growthBytes = Math.max(growthBytes, process.memoryUsage().rss - before);
  }
}
process.stdout.write(JSON.stringify({ took, growthBytes }));
