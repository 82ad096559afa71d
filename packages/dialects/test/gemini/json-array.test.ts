// Proves that a stream in the form of one JSON array is the same stream as one of events: both
// ways, however the bytes are cut, and that what is no such array is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JsonArrayToSse, SseToJsonArray } from '@entrepot/dialects/gemini/json-array';
import { maxSseEventBytes, SseParser } from '@entrepot/dialects/sse';
import fc from 'fast-check';
import { byteByByte, cutAt, cutPlaces, everyCut } from '../shared/cuts.ts';
import { gather } from '../shared/event-grammar.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream, geminiStreams, shortened, streamOf } from './gemini-streams.ts';

function toSse(pieces: readonly Uint8Array[]): Buffer {
  const codec = new JsonArrayToSse();
  return Buffer.concat(pieces.map(piece => codec.push(piece)));
}

function toArray(pieces: readonly Uint8Array[]): Buffer {
  const codec = new SseToJsonArray();
  return Buffer.concat([...pieces.map(piece => codec.push(piece)), codec.end()]);
}

/** The elements as Google writes them: many lines, and commas on lines of their own. */
function written(elements: readonly unknown[]): Buffer {
  return Buffer.from(
    `[${elements.map(element => JSON.stringify(element, null, 2)).join('\n,\r\n')}\n]\n`,
  );
}

function dataOf(sse: Uint8Array): unknown[] {
  const parser = new SseParser();
  return [...parser.push(sse), ...parser.end()].map(event => JSON.parse(event.data));
}

const elements = fc.array(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), {
  maxLength: 5,
});

describe('from an array to events', () => {
  test('each element is one event, however the bytes are cut', () => {
    fc.assert(
      fc.property(elements, cutPlaces, (given, places) => {
        const expected = JSON.parse(JSON.stringify(given)) as unknown;
        const bytes = written(given);
        assert.deepEqual(dataOf(toSse(cutAt(bytes, places))), expected);
        assert.deepEqual(dataOf(toSse(byteByByte(bytes))), expected);
      }),
    );
  });

  test('an element is given as soon as its last brace has come', () => {
    const codec = new JsonArrayToSse();
    assert.equal(codec.push(Buffer.from('[{"a":"}"')).length, 0);
    assert.deepEqual(Buffer.from(codec.push(Buffer.from('}'))), Buffer.from('data: {"a":"}"}\n\n'));
    assert.equal(codec.closed, false);
    codec.push(Buffer.from(']'));
    assert.equal(codec.closed, true);
  });

  test('an error alone, without its array, is one event', () => {
    assert.deepEqual(dataOf(toSse([Buffer.from('{"error":{"code":400}}')])), [
      { error: { code: 400 } },
    ]);
  });

  test('what is no array of objects is refused', () => {
    for (const text of ['x', '[1]', '["a"]', '[{}]]', '[{}] {}', '[[', ',{}', ']', '<html>']) {
      const error = thrown(() => toSse([Buffer.from(text)]));
      assert.equal(error.class, 'upstream', text);
    }
  });

  test('an element without end is refused before it fills the memory', () => {
    const codec = new JsonArrayToSse();
    codec.push(Buffer.from('[{"a":"'));
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const error = thrown(() => {
      for (let size = 0; size <= maxSseEventBytes; size += piece.length) codec.push(piece);
    });
    assert.equal(error.code, 'event_too_large');
  });
});

describe('from events to an array', () => {
  test('is one JSON array of the data of each event', () => {
    fc.assert(
      fc.property(elements, cutPlaces, (given, places) => {
        const bytes = toArray(cutAt(streamOf(...given), places));
        assert.deepEqual(JSON.parse(String(bytes)), JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  test('each push gives what has come whole, and nothing closes it but the end', () => {
    const codec = new SseToJsonArray();
    assert.equal(String(Buffer.from(codec.push(Buffer.from('data: {"a":1}\n')))), '');
    assert.equal(String(Buffer.from(codec.push(Buffer.from('\ndata: {}')))), '[{"a":1}');
    assert.equal(String(Buffer.from(codec.end())), '\n,\r\n{}\n]\n');
    assert.equal(String(toArray([])), '[]\n');
  });
});

describe('recorded streams', () => {
  for (const { file, body } of geminiStreams()) {
    test(`${file} is the same in both forms`, () => {
      const array = toArray([body]);
      assert.ok(Array.isArray(JSON.parse(String(array))));
      assert.deepEqual(gather(decodeStream([toSse([array])])), gather(decodeStream([body])));
      const short = toArray([shortened(body)]);
      const whole = toSse([short]);
      for (const pieces of everyCut(short)) assert.ok(toSse(pieces).equals(whole));
    });
  }
});
