// Proves that a stream is the same however the network cuts it, that a tap changes no byte of it,
// and that one that breaks off before its terminal event is never whole: recorded streams, cut at
// every byte, those over 9,000 bytes at a seeded sample of bytes: the work grows with the square.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import fc from 'fast-check';
import { byteByByte } from '../shared/cuts.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { recordingsMissing } from '../shared/recordings.ts';
import { chunkFixtures, decodeStream, responseStreams } from './response-streams.ts';

const largestWhole = 9000;
const sampleSize = 100;
const fixtures = new Set(chunkFixtures().map(({ file }) => file));

/** Every place of a recording, or of a large one and of a fixture as many as can be tried. */
function placesOf(file: string, body: Buffer): readonly number[] {
  if (body.length <= largestWhole && !fixtures.has(file))
    return Array.from({ length: body.length + 1 }, (_, at) => at);
  const places = fc.sample(fc.nat(body.length), { numRuns: sampleSize, seed: 42 });
  return [...places, 0, body.length - 1, body.length];
}

function* cuts(file: string, body: Buffer): Generator<readonly Uint8Array[]> {
  for (const at of placesOf(file, body)) yield [body.subarray(0, at), body.subarray(at)];
  yield byteByByte(body);
}

const terminal = /"type":\s*"response\.(?:completed|incomplete)"/;

for (const { file, body } of responseStreams()) {
  describe(file, () => {
    test('is the same however it is cut', () => {
      const whole = JSON.stringify(decodeStream([body]));
      for (const pieces of cuts(file, body))
        assert.equal(JSON.stringify(decodeStream(pieces)), whole);
    });

    test('passes a tap byte for byte, with the same usage and stop', () => {
      const events = decodeStream([body]);
      const { stop } = events.find(event => event.type === 'stop')!;
      const usage = events.findLast(event => event.type === 'usage')?.usage ?? null;
      for (const pieces of cuts(file, body)) {
        const tap = openaiResponses.tap({ hideUsage: true });
        const out = pieces.map(piece => tap.push(piece));
        assert.ok(Buffer.concat([...out, tap.end()]).equals(body));
        assert.deepEqual(tap.usage, usage);
        assert.equal(tap.stopRaw, stop.raw);
        assert.ok(tap.started && tap.complete && tap.error === null);
      }
    });

    test('broken off anywhere, is never whole without its terminal event', () => {
      for (const at of placesOf(file, body)) {
        const piece = body.subarray(0, at);
        const events = decodeStream([piece]);
        const { last } = gather(events);
        const tap = openaiResponses.tap({ hideUsage: true });
        const out = Buffer.concat([tap.push(piece), tap.end()]);
        assert.equal(tap.complete, last === 'end');
        assert.equal(last === 'end', terminal.test(String(out)), `cut at ${at}`);
        if (last !== 'end') {
          const error = events.at(-1);
          assert.ok(error?.type === 'error' && error.error.class === 'truncated');
        }
        checkEvents(events, { interleaved: true });
      }
    });
  });
}

test('streams are at hand', { skip: recordingsMissing }, () =>
  assert.ok(responseStreams().length > 35),
);
