// Proves that a stream is the same however the network cuts it, that a tap changes no byte of it,
// and that one that breaks off is not taken for whole: recorded streams, cut at every byte. Whole
// ones are cut in all their frames at once, the first and the last frames alone at one place each.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { byteByByte, everyCut, everyCutOfFrames } from '../shared/cuts.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { recordingsMissing } from '../shared/recordings.ts';
import { converseStreams, decodeStream, shortened } from './converse-streams.ts';

for (const { file, body } of converseStreams()) {
  const short = shortened(body);
  describe(file, () => {
    test('is the same however it is cut', () => {
      const whole = JSON.stringify(decodeStream([body]));
      same([byteByByte(body)], whole);
      same(everyCutOfFrames(body), whole);
      same(everyCut(short), JSON.stringify(decodeStream([short])));
    });

    test('passes a tap byte for byte, with the same usage and stop', () => {
      passes([[body], byteByByte(body)], body);
      passes(everyCutOfFrames(body), body);
      passes(everyCut(short), short);
    });

    test('broken off anywhere, is never whole', () => {
      for (const [piece] of everyCut(short)) {
        const events = decodeStream([piece]);
        const isWhole = piece.length === short.length;
        assert.equal(gather(events).last, isWhole ? 'end' : 'error');
        const last = events.at(-1)!;
        if (last.type === 'error') assert.equal(last.error.class, 'truncated');
        checkEvents(events, { interleaved: false });
        const tap = bedrockConverse.tap({ hideUsage: false });
        const passed = tap.push(piece);
        assert.ok(passed.length <= piece.length && tap.end().length === 0);
        assert.equal(tap.complete, isWhole);
        // What has passed is whole frames: an error can follow it.
        const more = bedrockConverse.encodeStreamError({ class: 'truncated', message: 'cut' });
        const told = decodeStream([passed, more]).at(-1)!;
        if (!isWhole) assert.ok(told.type === 'error' && told.error.message === 'cut');
      }
    });
  });
}

test('streams are at hand', { skip: recordingsMissing }, () =>
  assert.ok(converseStreams().length > 20),
);

function same(cuts: Iterable<readonly Uint8Array[]>, expected: string): void {
  for (const pieces of cuts) assert.equal(JSON.stringify(decodeStream(pieces)), expected);
}

function passes(cuts: Iterable<readonly Uint8Array[]>, body: Buffer): void {
  const events = decodeStream([body]);
  const stop = events.find(event => event.type === 'stop')!;
  const usage = events.findLast(event => event.type === 'usage')?.usage ?? null;
  for (const pieces of cuts) {
    const tap = bedrockConverse.tap({ hideUsage: true });
    const out = pieces.map(piece => tap.push(piece));
    assert.ok(Buffer.concat([...out, tap.end()]).equals(body));
    assert.deepEqual(tap.usage, usage);
    assert.equal(tap.stopRaw, stop.stop.raw || null);
    assert.ok(tap.started && tap.complete && tap.error === null);
  }
}
