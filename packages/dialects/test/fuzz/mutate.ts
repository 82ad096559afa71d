// Bytes that are nearly right: what fuzzing changes in a body or a stream that is.

import { below, pick, type Random } from '../shared/seeded.ts';

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** Words that have broken readers of JSON, of events and of numbers. */
const words: readonly string[] = [
  'null',
  'true',
  '""',
  '{}',
  '[]',
  '[[]]',
  '-0',
  '1e999',
  '-1e999',
  '9007199254740993',
  '123456789012345678901234567890',
  '0.1e-400',
  '01',
  '"\\ud800"',
  '"\\udc00x"',
  '"\\u0000"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  // JSON within a string: what a caller sends back of a vendor's state.
  JSON.stringify('['.repeat(20_000) + ']'.repeat(20_000)),
  JSON.stringify(`{"id":"rs_1","a":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`),
  JSON.stringify('{"id":"rs_1","layout":[1,["summary",-1],["content"]]}'),
  '\ufeff',
  '\u2028',
  '\0',
  '\r',
  '\n\n',
  '\r\n\r\n',
  'data:',
  'data: [DONE]\n\n',
  'event: error\n',
  'event: message_start\n',
  ': ping\n\n',
  ',',
  '"',
  '\\',
];
const brokenUtf8 = ['ff', 'c080', 'eda080', 'f4908080', 'e28'.padEnd(4, '2'), '80', 'f0'];

const changes: readonly Change[] = [
  flipBit,
  setByte,
  (bytes, random) => insert(bytes, random, Buffer.from(pick(random, words))),
  (bytes, random) => insert(bytes, random, Buffer.from(pick(random, brokenUtf8), 'hex')),
  (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  (bytes, random) => bytes.subarray(below(random, bytes.length + 1)),
  cut,
  repeat,
  splice,
  replaceValue,
  repeatKey,
  nest,
  otherLineEnds,
];

/** The bytes with one to four changes; `other` lends what is spliced in. */
export function mutate(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let count = 1 + below(random, 4); count > 0; count--) {
    changed = pick(random, changes)(changed, random, other);
    if (changed.length > 1_000_000) return changed.subarray(0, 1_000_000);
  }
  return changed;
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  copy[below(random, copy.length)]! ^= 1 << below(random, 8);
  return copy;
}

function setByte(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  copy[below(random, copy.length)] = below(random, 256);
  return copy;
}

function insert(bytes: Buffer, random: Random, what: Buffer): Buffer {
  const at = below(random, bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function range(bytes: Buffer, random: Random): readonly [number, number] {
  const start = below(random, bytes.length + 1);
  return [start, start + below(random, Math.min(bytes.length - start, 400) + 1)];
}

function cut(bytes: Buffer, random: Random): Buffer {
  const [start, end] = range(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function repeat(bytes: Buffer, random: Random): Buffer {
  const [start, end] = range(bytes, random);
  const part = bytes.subarray(start, end);
  const times = Array.from({ length: 1 + below(random, 30) }, () => part);
  return Buffer.concat([bytes.subarray(0, end), ...times, bytes.subarray(end)]);
}

function splice(bytes: Buffer, random: Random, other: Buffer): Buffer {
  const [start, end] = range(bytes, random);
  const [from, to] = range(other, random);
  return Buffer.concat([bytes.subarray(0, start), other.subarray(from, to), bytes.subarray(end)]);
}

/** What stands between a colon and the next comma or bracket becomes another value. */
function replaceValue(bytes: Buffer, random: Random): Buffer {
  const start = bytes.indexOf(':', below(random, bytes.length + 1)) + 1;
  if (start === 0) return bytes;
  let end = start;
  while (end < bytes.length && !',}]'.includes(String.fromCharCode(bytes[end]!))) end++;
  const value = Buffer.from(pick(random, words));
  return Buffer.concat([bytes.subarray(0, start), value, bytes.subarray(end)]);
}

/** A key stands twice, the second time with another value. */
function repeatKey(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('latin1');
  const keys = [...text.matchAll(/"[a-zA-Z_]{2,30}"\s*:/g)];
  if (keys.length === 0) return bytes;
  const { 0: key, index } = pick(random, keys);
  const again = `${key}${pick(random, words)},`;
  return Buffer.from(text.slice(0, index) + again + text.slice(index), 'latin1');
}

function nest(bytes: Buffer, random: Random): Buffer {
  const depth = pick(random, [10, 127, 128, 129, 5000]);
  const [open, close] = pick(random, [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const middle = pick(random, ['1', '{}', '']);
  const closed = random() < 0.7 ? close.repeat(depth) : '';
  return insert(bytes, random, Buffer.from(open.repeat(depth) + middle + closed));
}

function otherLineEnds(bytes: Buffer, random: Random): Buffer {
  const end = pick(random, ['\r', '\r\n', '\n\r', '\n \n']);
  return Buffer.from(bytes.toString('latin1').replaceAll(/\r\n|\n/g, end), 'latin1');
}
