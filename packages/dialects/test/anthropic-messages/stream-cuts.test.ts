// Proves that a stream is the same however the network cuts it, that a tap changes no byte of it,
// and that one that breaks off is not taken for whole: recorded streams, cut at every byte.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import type { Tap } from '@entrepot/dialects/dialect';
import { byteByByte, everyCut } from '../shared/cuts.ts';
import { checkEvents } from '../shared/event-grammar.ts';
import { recordingsMissing } from '../shared/recordings.ts';
import { decodeStream, messageStreams, shortened } from './message-streams.ts';

for (const { file, body } of messageStreams()) {
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

    test('broken off anywhere, is whole only if its message_stop came', () => {
      const stopAt = short.lastIndexOf('"message_stop"');
      for (const [piece] of everyCut(short)) {
        const events = decodeStream([piece]);
        const last = events.at(-1)!;
        if (piece.length <= stopAt) {
          assert.ok(last.type === 'error' && last.error.class === 'truncated');
        }
        const tap = newTap();
        const passed = Buffer.concat([tap.push(piece), tap.end()]);
        assert.equal(tap.complete, last.type === 'end');
        assert.equal(tap.started, hasStarted(events));
        assert.ok(short.subarray(0, passed.length).equals(passed));
        checkEvents(events, { interleaved: false });
      }
    });
  });
}

test('streams are at hand', { skip: recordingsMissing }, () =>
  assert.ok(messageStreams().length > 30),
);

function newTap(): Tap {
  return anthropicMessages.tap({ hideUsage: true });
}

/** As the gateway takes it where it translates. */
function hasStarted(events: readonly StreamEvent[]): boolean {
  return events.some(({ type }) => /^(block_start|block_delta|stop)$/.test(type));
}

function same(cuts: Iterable<readonly Uint8Array[]>, expected: string): void {
  for (const pieces of cuts) assert.equal(JSON.stringify(decodeStream(pieces)), expected);
}

function passes(cuts: Iterable<readonly Uint8Array[]>, body: Buffer): void {
  const events = decodeStream([body]);
  const stop = events.find(event => event.type === 'stop')!;
  const usage = events.findLast(event => event.type === 'usage')?.usage ?? null;
  for (const pieces of cuts) {
    const tap = newTap();
    const out = pieces.map(piece => tap.push(piece));
    assert.ok(Buffer.concat([...out, tap.end()]).equals(body));
    assert.deepEqual(tap.usage, usage);
    assert.equal(tap.stopRaw, stop.stop.raw);
    assert.ok(tap.started && tap.complete && tap.error === null);
  }
}
