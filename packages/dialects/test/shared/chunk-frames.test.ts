// Proves that events go into the frames of InvokeModelWithResponseStream and come out of them as
// they were, wherever the bytes are cut, and that exceptions and broken frames are seen. How: both
// ways against each other, and against the frames of AWS's own codec.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { AnthropicMessagesDecoder } from '../../src/anthropic-messages/stream-decode.ts';
import { exceptionFrame } from '../../src/bedrock-frames.ts';
import { ChunksToSse, SseToChunks } from '../../src/chunk-frames.ts';
import { DialectError } from '../../src/dialect.ts';
import { ConverseToChunks } from '../../src/nova-invoke.ts';
import { encodeSse } from '../../src/sse.ts';
import { answerContext } from './answer-context.ts';

const codec = new EventStreamCodec(
  bytes => Buffer.from(bytes as Uint8Array).toString('utf8'),
  text => Buffer.from(text),
);

/** A frame as AWS's codec writes it, with the padding that Bedrock adds. */
function frame(json: string, type = 'chunk'): Uint8Array {
  const text = (value: string) => ({ type: 'string', value }) as const;
  const bytes = Buffer.from(json).toString('base64');
  return codec.encode({
    headers: {
      ':event-type': text(type),
      ':content-type': text('application/json'),
      ':message-type': text('event'),
    },
    body: Buffer.from(JSON.stringify({ bytes, p: 'abcd' })),
  });
}

const events = [
  '{"type":"message_start","message":{"id":"m","usage":{"input_tokens":3,"output_tokens":1}}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"h\\né😀"}}',
  '{"index":0,"type":"content_block_stop"}',
];
const types = ['message_start', 'content_block_delta', 'content_block_stop'];
const sse = Buffer.concat(events.map((event, i) => encodeSse(types[i]!, event)));
const frames = Buffer.concat(events.map(event => frame(event)));

describe('frames of chunks', () => {
  test('become events, cut at every byte', () => {
    for (let cut = 0; cut <= frames.length; cut++) {
      const unframer = new ChunksToSse();
      const parts = [frames.subarray(0, cut), frames.subarray(cut)].map(p => unframer.push(p));
      assert.deepEqual(Buffer.concat(parts), sse);
    }
  });

  test('are made of events, cut at every byte, and read by the codec of AWS', () => {
    for (let cut = 0; cut <= sse.length; cut++) {
      const framer = new SseToChunks();
      const parts = [sse.subarray(0, cut), sse.subarray(cut)].map(p => framer.push(p));
      const made = Buffer.concat([...parts, framer.end()]);
      assert.deepEqual(Buffer.from(new ChunksToSse().push(made)), sse);
    }
    const first = codec.decode(new SseToChunks().push(encodeSse(types[0]!, events[0]!)));
    assert.equal(first.headers[':event-type']?.value, 'chunk');
    const { bytes } = JSON.parse(Buffer.from(first.body).toString()) as { bytes: string };
    assert.equal(Buffer.from(bytes, 'base64').toString(), events[0]);
  });

  test('end at an exception, which is kept with its name', () => {
    const unframer = new ChunksToSse();
    const end = exceptionFrame('throttlingException', 'Too many requests');
    const bytes = unframer.push(Buffer.concat([frame(events[0]!), end, frame(events[1]!)]));
    assert.deepEqual(Buffer.from(bytes), Buffer.from(encodeSse(types[0]!, events[0]!)));
    assert.equal(unframer.error?.class, 'rate_limit');
    assert.equal(unframer.error?.code, 'ThrottlingException');
    assert.equal(unframer.push(frame(events[1]!)).length, 0);
  });

  test('of kinds that are not known say nothing; a broken one and one without bytes throw', () => {
    assert.equal(new ChunksToSse().push(frame(events[0]!, 'heartbeat')).length, 0);
    const broken = Buffer.from(frame(events[0]!));
    broken[broken.length - 1]! ^= 1;
    assert.throws(() => new ChunksToSse().push(broken), DialectError);
    const empty = codec.encode({
      headers: {
        ':event-type': { type: 'string', value: 'chunk' },
        ':message-type': { type: 'string', value: 'event' },
      },
      body: Buffer.from('{}'),
    });
    assert.throws(() => new ChunksToSse().push(empty), DialectError);
  });

  test('G11: of any payload and any bytes, nothing is thrown but what names the upstream', () => {
    const read = (bytes: Uint8Array): void => {
      try {
        new ChunksToSse().push(bytes);
        new ConverseToChunks().push(bytes);
      } catch (cause) {
        assert.ok(cause instanceof DialectError);
        assert.equal(cause.error.class, 'upstream');
      }
    };
    fc.assert(fc.property(fc.uint8Array(), read));
    fc.assert(fc.property(fc.string(), text => read(frame(text))));
    fc.assert(fc.property(fc.json(), text => read(frame(text, 'metadata'))));
  });

  test('line breaks between the values of an event do not end it', () => {
    const pretty = JSON.stringify({ type: 'ping', a: 'x\ny' }, null, 2);
    const decoder = new AnthropicMessagesDecoder(answerContext);
    assert.deepEqual(decoder.push(new ChunksToSse().push(frame(pretty))), []);
  });
});

test('an event without data makes no frame', () => {
  const framer = new SseToChunks();
  const quiet = Buffer.from('data:\n\nevent: ping\n\n: still here\n\ndata: \n\n');
  assert.equal(framer.push(quiet).length, 0);
  assert.ok(framer.push(Buffer.from('data: {"type":"message_stop"}\n\n')).length > 0);
  assert.equal(framer.end().length, 0);
});
