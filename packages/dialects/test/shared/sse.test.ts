// Proves that server-sent events are read by the WHATWG's rules whatever the sizes of the pieces:
// a table of cases, and random streams against a reference that reads the whole text slowly.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  encodeSse,
  framesOf,
  maxSseEventBytes,
  type SseEvent,
  SseFramer,
  SseParser,
} from '@entrepot/dialects/sse';
import fc from 'fast-check';
import { byteByByte, cutAt, cutPlaces, everyCut } from './cuts.ts';
import { thrown } from './thrown.ts';

function parse(pieces: readonly Uint8Array[]): SseEvent[] {
  const parser = new SseParser();
  return [...pieces.flatMap(piece => parser.push(piece)), ...parser.end()];
}

function frame(pieces: readonly Uint8Array[]): { frames: Uint8Array[]; rest: Uint8Array } {
  const framer = new SseFramer();
  const frames = pieces.flatMap(piece => framesOf(piece, framer.push(piece)));
  return { frames, rest: framer.end() };
}

/** The rules in their own words, over the whole text. */
function reference(bytes: Uint8Array): SseEvent[] {
  const text = new TextDecoder('utf-8').decode(bytes);
  const events: SseEvent[] = [];
  let data: string[] = [];
  let event = '';
  for (const line of [...text.split(/\r\n|\r|\n/), '']) {
    if (line === '') {
      if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n') });
      data = [];
      event = '';
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?::[ ]?(.*))?$/su.exec(line)!;
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
  }
  return events;
}

const said = (data: string, event = 'message'): SseEvent => ({ event, data });

const table: readonly (readonly [string, string, readonly SseEvent[]])[] = [
  ['one event', 'data: a\n\n', [said('a')]],
  ['no space after the colon', 'data:a\n\n', [said('a')]],
  ['only one space is taken off', 'data:  a\n\n', [said(' a')]],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [said('a'), said('b')]],
  ['CR alone', 'data: a\r\rdata: b\r\r', [said('a'), said('b')]],
  ['mixed line endings', 'data: a\r\n\ndata: b\n\r\n', [said('a'), said('b')]],
  ['several data lines', 'data: a\ndata:\ndata: c\n\n', [said('a\n\nc')]],
  ['a name', 'event: ping\ndata: {}\n\ndata: x\n\n', [said('{}', 'ping'), said('x')]],
  ['an event without data is none', 'event: ping\n\ndata: x\n\n', [said('x')]],
  ['empty data is an event', 'data\n\ndata:\n\n', [said(''), said('')]],
  [
    'comments and unknown fields',
    ': OPENROUTER PROCESSING\n\nid: 1\nretry: 5\nx\ndata: a\n\n',
    [said('a')],
  ],
  ['a byte-order mark', '\uFEFFdata: a\n\n', [said('a')]],
  ['a byte-order mark later is text', '\n\uFEFFdata: a\n\n', []],
  ['no blank line at the end', 'data: a\n', [said('a')]],
  ['no line ending at the end', 'data: a\n\ndata: b', [said('a'), said('b')]],
  ['colons in the value', 'data: a: b:c\n\n', [said('a: b:c')]],
  ['a field name in other case is unknown', 'Data: a\n\n', []],
  ['blank lines', '\n\n\r\n\r\r\ndata: a\n\n\n\n', [said('a')]],
  ['characters of four bytes', 'data: \u{1F600}é\n\n', [said('\u{1F600}é')]],
  ['nothing', '', []],
];

describe('the parser', () => {
  for (const [name, text, expected] of table) {
    test(name, () => {
      const bytes = Buffer.from(text);
      assert.deepEqual(parse([bytes]), expected);
      assert.deepEqual(reference(bytes), expected, 'the reference agrees');
      assert.deepEqual(parse(byteByByte(bytes)), expected);
      for (const cut of everyCut(bytes)) assert.deepEqual(parse(cut), expected);
    });
  }

  test('agrees with a slow reference on random streams in random pieces', () => {
    fc.assert(
      fc.property(streams, cutPlaces, (text, places) => {
        const bytes = Buffer.from(text);
        assert.deepEqual(parse(cutAt(bytes, places)), reference(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('refuses an event beyond the limit, also one that never ends', () => {
    const half = Buffer.concat([Buffer.from('data: '), Buffer.alloc(maxSseEventBytes / 2, 0x61)]);
    const line = Buffer.concat([half, Buffer.from('\n')]);
    assert.equal(thrown(() => parse([line, line])).class, 'upstream');
    assert.equal(thrown(() => parse([half, half, half])).class, 'upstream');
    assert.equal(thrown(() => frame([half, half, half])).class, 'upstream');
    const blank = Buffer.from('\n');
    assert.equal(parse([line, blank, line, blank]).length, 2);
  });

  test('takes a megabyte in single bytes in linear time', () => {
    const bytes = Buffer.from(`data: ${'x'.repeat(1 << 20)}\n\n`);
    const parser = new SseParser();
    let events = 0;
    for (let at = 0; at < bytes.length; at++)
      events += parser.push(bytes.subarray(at, at + 1)).length;
    assert.equal(events, 1);
  });
});

const streams = fc
  .array(
    fc.constantFrom(
      'data: ',
      'data:',
      'event: x',
      ': c',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'a',
      'é',
      '\u{1F600}',
    ),
    { maxLength: 40 },
  )
  .map(parts => parts.join(''));

describe('the framer', () => {
  test('gives the bytes back, cut behind blank lines, whatever the pieces', () => {
    fc.assert(
      fc.property(streams, cutPlaces, (text, places) => {
        const bytes = Buffer.from(text);
        const { frames, rest } = frame(cutAt(bytes, places));
        assert.ok(Buffer.concat([...frames, rest]).equals(bytes));
        const events = frames.flatMap(one => parse([one]));
        const tail = parse([rest]);
        assert.deepEqual([...events, ...tail], reference(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('copies nothing when a piece is whole events', () => {
    const bytes = Buffer.from('data: a\n\ndata: b\r\n\r\n');
    const frames = framesOf(bytes, new SseFramer().push(bytes));
    assert.deepEqual(
      frames.map(String),
      ['data: a\n\n', 'data: b\r\n\r\n'].map(text => String(Buffer.from(text).subarray())),
    );
    for (const one of frames) assert.equal(one.buffer, bytes.buffer);
  });

  test('gives an event at its blank line, not at the next byte', () => {
    const framer = new SseFramer();
    const whole = (text: string): number => {
      const bytes = Buffer.from(text);
      return framesOf(bytes, framer.push(bytes)).length;
    };
    assert.equal(whole('data: a\r\n'), 0);
    assert.equal(whole('\r'), 1);
    assert.equal(whole('\n'), 0);
    assert.equal(whole('data: b\n\n'), 1);
  });
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(null, 'ping'), (text, name) => {
      const data = text.replace(/\r\n|\r/g, '\n');
      assert.deepEqual(parse([encodeSse(name, data)]), [said(data, name ?? 'message')]);
    }),
  );
});
