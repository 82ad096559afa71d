// Proves that a stream is the same however the network cuts it, that a tap changes no byte of it,
// and that one that breaks off is not taken for whole: recorded streams, cut at every byte.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { byteByByte, everyCut } from '../shared/cuts.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { recordingsMissing } from '../shared/recordings.ts';
import { decodeStream, geminiStreams, shortened } from './gemini-streams.ts';

for (const { file, body } of geminiStreams()) {
  const short = shortened(body);
  describe(file, () => {
    test('is the same however it is cut', () => {
      same([byteByByte(body)], JSON.stringify(decodeStream([body])));
      same(everyCut(short), JSON.stringify(decodeStream([short])));
    });

    test('passes a tap byte for byte, with the same usage and stop', () => {
      passes([[body], byteByByte(body)], body);
      passes(everyCut(short), short);
    });

    test('broken off anywhere, is whole only with its finish', () => {
      const finishAt = short.toString('latin1').search(/"finishReason":\s*"/);
      const lastByte = short.toString('latin1').lastIndexOf('}');
      for (const [piece] of everyCut(short)) {
        const events = decodeStream([piece]);
        const { last } = gather(events);
        assert.equal(last, piece.length > lastByte ? 'end' : 'error', `cut at ${piece.length}`);
        if (last === 'end') assert.ok(piece.length > finishAt);
        const tap = gemini.tap({ hideUsage: true });
        tap.push(piece);
        tap.end();
        assert.equal(tap.complete, last === 'end');
        checkEvents(events, { interleaved: false });
      }
    });
  });
}

test('streams are at hand', { skip: recordingsMissing }, () =>
  assert.ok(geminiStreams().length > 20),
);

function same(cuts: Iterable<readonly Uint8Array[]>, expected: string): void {
  for (const pieces of cuts) assert.equal(JSON.stringify(decodeStream(pieces)), expected);
}

function passes(cuts: Iterable<readonly Uint8Array[]>, body: Buffer): void {
  const events = decodeStream([body]);
  const stop = events.find(event => event.type === 'stop')!;
  const usage = events.findLast(event => event.type === 'usage')?.usage ?? null;
  for (const pieces of cuts) {
    const tap = gemini.tap({ hideUsage: false });
    const out = pieces.map(piece => tap.push(piece));
    assert.ok(Buffer.concat([...out, tap.end()]).equals(body));
    assert.deepEqual(tap.usage, usage);
    assert.equal(tap.stopRaw, stop.stop.raw);
    assert.ok(tap.started && tap.complete && tap.error === null);
  }
}
