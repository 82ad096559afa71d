// Proves that frames are read as the format says, whatever the pieces they come in, that nothing
// broken is taken for whole, and that junk costs no time: vectors of AWS, and its codec as oracle.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  EventStreamFramer,
  MessageReader,
  maxFrameBytes,
  maxHeadersBytes,
  writeMessage,
} from '@entrepot/dialects/event-stream';
import type { HeaderValue } from '@entrepot/dialects/event-stream-headers';
import { EventStreamCodec, Int64 } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { byteByByte, cutAt, cutPlaces, everyCut } from '../shared/cuts.ts';
import { thrown } from '../shared/thrown.ts';

const folder = resolve(
  import.meta.dirname,
  '../../../../../shared/data/vectors/eventstream/packages/eventstream-codec/test_vectors',
);
const skip = existsSync(folder) ? false : 'needs ../shared/data/vectors';

const oracle = new EventStreamCodec(
  bytes => Buffer.from(bytes as Uint8Array).toString('utf8'),
  text => Buffer.from(text),
);
type OracleHeaders = Parameters<typeof oracle.encode>[0]['headers'];

function framesOf(pieces: readonly Uint8Array[]): Uint8Array[] {
  const framer = new EventStreamFramer();
  const frames = pieces.flatMap(piece => [...framer.push(piece)].map(frame => Buffer.from(frame)));
  assert.equal(framer.isInside, false);
  return frames;
}

function vectors(kind: string): [string, Buffer, string][] {
  return readdirSync(join(folder, 'encoded', kind)).map(name => [
    name,
    readFileSync(join(folder, 'encoded', kind, name)),
    readFileSync(join(folder, 'decoded', kind, name), 'utf8'),
  ]);
}

describe("AWS's vectors", { skip }, () => {
  test('are read header by header', () => {
    let read = 0;
    for (const [name, bytes, text] of vectors('positive')) {
      const expected = JSON.parse(text) as {
        headers: { name: string; type: number; value: number | boolean | string }[];
        payload: string;
      };
      const [frame, ...more] = framesOf([bytes]);
      assert.deepEqual(more, []);
      const { headers, payload } = new MessageReader().read(frame!);
      assert.equal(Buffer.from(payload).toString('base64'), expected.payload, name);
      assert.deepEqual(
        [...headers],
        expected.headers.map(header => [header.name, vectorValue(header.type, header.value)]),
      );
      read++;
    }
    assert.equal(read, 5);
  });

  test('that are broken are refused', () => {
    let refused = 0;
    for (const [name, bytes, text] of vectors('negative')) {
      const error = thrown(() => framesOf([bytes]));
      assert.equal(error.code, 'broken_frame', name);
      assert.match(error.message, /Prelude/.test(text) ? /of its beginning/ : /its checksum/);
      refused++;
    }
    assert.equal(refused, 4);
  });
});

function vectorValue(type: number, value: number | boolean | string): HeaderValue {
  if (type === 5 || type === 8) return BigInt(value);
  if (typeof value !== 'string') return value;
  const bytes = Buffer.from(value, 'base64');
  if (type === 7) return String(bytes);
  if (type === 9) return '01020304-0506-0708-090a-0b0c0d0e0f10';
  return bytes;
}

/** The codec of AWS keeps headers as members of an object, where `__proto__` is lost. */
const headerName = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 })
  .filter(name => name !== '__proto__');
const headerValue = fc.oneof(
  fc.boolean().map(value => ({ type: 'boolean' as const, value })),
  fc.integer({ min: -128, max: 127 }).map(value => ({ type: 'byte' as const, value })),
  fc.integer({ min: -32768, max: 32767 }).map(value => ({ type: 'short' as const, value })),
  fc.integer().map(value => ({ type: 'integer' as const, value })),
  fc.maxSafeInteger().map(value => ({ type: 'long' as const, value: Int64.fromNumber(value) })),
  fc.uint8Array({ maxLength: 40 }).map(value => ({ type: 'binary' as const, value })),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(value => ({ type: 'string' as const, value })),
  fc
    .integer({ min: -4e12, max: 4e12 })
    .map(ms => ({ type: 'timestamp' as const, value: new Date(ms) })),
  fc.uuid().map(value => ({ type: 'uuid' as const, value })),
);
const messages = fc.record({
  headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 6 }).map(Object.fromEntries),
  body: fc.uint8Array({ maxLength: 200 }),
});

/** A value of the oracle in our words. */
function plain({ type, value }: OracleHeaders[string]): HeaderValue {
  if (type === 'long') return BigInt(value.valueOf());
  if (type === 'timestamp') return BigInt(value.getTime());
  return type === 'binary' ? Buffer.from(value) : value;
}

function asBuffer([name, value]: readonly [string, HeaderValue]): [string, HeaderValue] {
  return [name, value instanceof Uint8Array ? Buffer.from(value) : value];
}

describe('reading', () => {
  test('is what the codec of AWS wrote, with headers of every type, in any pieces', () => {
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 4 }), cutPlaces, (given, places) => {
        const wire = Buffer.concat(given.map(message => oracle.encode(message as never)));
        const frames = framesOf(cutAt(wire, places));
        assert.ok(Buffer.concat(frames).equals(wire));
        const reader = new MessageReader();
        const read = frames.map(frame => reader.read(frame));
        for (const [at, { headers, payload }] of read.entries()) {
          const expected = given[at]! as { headers: OracleHeaders; body: Uint8Array };
          assert.deepEqual(Buffer.from(payload), Buffer.from(expected.body));
          assert.deepEqual(
            [...headers].map(asBuffer),
            Object.entries(expected.headers).map(([name, value]) => [name, plain(value)]),
          );
        }
        assert.equal(read.length, given.length);
      }),
      { numRuns: 300 },
    );
  });

  test('prelude and body may come apart at every byte', () => {
    const one = writeMessage({ ':event-type': 'a' }, Buffer.from('{"x":1}'));
    const two = writeMessage({}, new Uint8Array(0));
    const wire = Buffer.concat([one, two, one]);
    for (const pieces of everyCut(wire)) assert.equal(framesOf(pieces).length, 3);
    assert.equal(framesOf(byteByByte(wire)).length, 3);
  });

  test('a frame with any byte changed is refused or waited for, and never given out', () => {
    const whole = writeMessage(
      { ':message-type': 'event', ':event-type': 'messageStop' },
      Buffer.from('{"stopReason":"end_turn"}'),
    );
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at]! ^= flip;
        const framer = new EventStreamFramer();
        const error = thrown(() => [...framer.push(changed)]);
        assert.equal(error.code, 'broken_frame', `byte ${at}`);
        // What follows is not trusted either.
        assert.equal(thrown(() => [...framer.push(whole)]).code, 'broken_frame');
      }
    }
  });

  test('a frame that is cut off is known as such', () => {
    const whole = writeMessage({ a: 'b' }, Buffer.from('{}'));
    for (let length = 1; length < whole.length; length++) {
      const framer = new EventStreamFramer();
      assert.deepEqual([...framer.push(whole.subarray(0, length))], []);
      assert.equal(framer.isInside, true);
    }
  });
});

/** The first twelve bytes of a frame with these lengths. */
function prelude(frameBytes: number, headersBytes: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(frameBytes, 0);
  bytes.writeUInt32BE(headersBytes, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

/** A frame with these bytes where headers stand. */
function withHeaders(headers: Uint8Array): Buffer {
  const body = Buffer.concat([prelude(16 + headers.length, headers.length), headers]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([body, checksum]);
}

describe('limits', () => {
  test('lengths that cannot be are refused by the first twelve bytes', () => {
    const refused: [Buffer, RegExp][] = [
      [prelude(maxFrameBytes + 1, 0), /larger than 16777216/],
      [prelude(maxFrameBytes, maxHeadersBytes + 1), /headers are too large/],
      [prelude(20, 5), /do not agree/],
      [prelude(15, 0), /do not agree/],
      [prelude(0, 0), /do not agree/],
      [Buffer.from('HTTP/1.1 502'), /checksum of its beginning/],
    ];
    for (const [bytes, reason] of refused) {
      for (const pieces of [[bytes], byteByByte(bytes)]) {
        assert.match(thrown(() => framesOf(pieces)).message, reason);
      }
    }
  });

  test('headers that are not headers to their end are refused', () => {
    const bad = [
      [5],
      [1, 0x61],
      [1, 0x61, 10],
      [1, 0x61, 7, 0, 9, 1],
      [1, 0x61, 4, 0, 0],
      [1, 0x61, 9, 0],
      [1, 0x61, 0, 3],
    ];
    for (const bytes of bad) {
      const [frame] = framesOf([withHeaders(Uint8Array.from(bytes))]);
      assert.equal(
        thrown(() => new MessageReader().read(frame!)).code,
        'broken_frame',
        String(bytes),
      );
    }
  });

  test('the largest frame is read, byte by byte too, without copying it over and over', () => {
    const body = Buffer.alloc(maxFrameBytes - 16, 7);
    const whole = writeMessage({}, body);
    const started = process.cpuUsage();
    const [frame] = framesOf([whole]);
    assert.equal(frame!.length, maxFrameBytes);
    const pieces = Array.from({ length: whole.length >> 6 }, (_, at) =>
      whole.subarray(at << 6, (at + 1) << 6),
    );
    assert.ok(Buffer.from(framesOf(pieces)[0]!).equals(whole));
    assert.ok(secondsSince(started) < 3);
  });

  test('64 MiB of junk are refused at once', () => {
    const junk = Buffer.alloc(64 * 1024 * 1024, 0x2a);
    const started = process.cpuUsage();
    assert.equal(thrown(() => framesOf([junk])).code, 'broken_frame');
    const framer = new EventStreamFramer();
    for (let at = 0; at < junk.length; at += 65_536) {
      thrown(() => [...framer.push(junk.subarray(at, at + 65_536))]);
    }
    assert.ok(secondsSince(started) < 1);
  });

  test('time grows with the bytes, for frames as small as they can be', () => {
    const small = writeMessage({}, new Uint8Array(0));
    const many = Buffer.concat(Array.from({ length: 200_000 }, () => small));
    const started = process.cpuUsage();
    assert.equal(framesOf([many]).length, 200_000);
    assert.ok(secondsSince(started) < 2);
  });
});

function secondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

describe('writing', () => {
  test('is what the codec of AWS reads, and byte for byte what it writes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(headerName, fc.string({ unit: 'grapheme' }), { maxKeys: 5 }),
        fc.uint8Array({ maxLength: 100 }),
        (headers, payload) => {
          const ours = writeMessage(headers, payload);
          const typed = Object.entries(headers).map(([name, value]) => [
            name,
            { type: 'string', value },
          ]);
          const message = { headers: Object.fromEntries(typed) as OracleHeaders, body: payload };
          assert.deepEqual(Buffer.from(ours), Buffer.from(oracle.encode(message)));
          assert.deepEqual({ ...oracle.decode(ours).headers }, { ...message.headers });
        },
      ),
    );
  });

  test('the bytes that AWS documents', () => {
    const empty = writeMessage({}, new Uint8Array(0));
    assert.equal(Buffer.from(empty).toString('hex'), '000000100000000005c248eb7d98c8ff');
  });

  test('a header that does not fit is refused', () => {
    assert.throws(() => writeMessage({ a: 'x'.repeat(32_768) }, new Uint8Array(0)), RangeError);
    assert.throws(() => writeMessage({ ['a'.repeat(256)]: 'x' }, new Uint8Array(0)), RangeError);
  });
});
