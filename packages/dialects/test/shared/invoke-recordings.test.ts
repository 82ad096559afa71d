// Proves that recorded answers of InvokeModel mean here what their bytes say, wherever they are
// cut: Claude's events come out of the frames as they were sent, and Nova's go through Converse and
// back. How: against the frames as AWS's own codec reads them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { anthropicMessages } from '../../src/anthropic-messages/dialect.ts';
import { bedrockConverse } from '../../src/bedrock-converse/dialect.ts';
import { eventFrame } from '../../src/bedrock-frames.ts';
import type { StreamEvent } from '../../src/canonical.ts';
import { ChunksToSse, SseToChunks } from '../../src/chunk-frames.ts';
import type { Dialect } from '../../src/dialect.ts';
import type { JsonObject } from '../../src/json.ts';
import { ConverseToChunks, converseToNova, novaToConverse } from '../../src/nova-invoke.ts';
import { encodeSse } from '../../src/sse.ts';
import { answerContext } from './answer-context.ts';
import { byteByByte, everyCut, everyCutOfFrames } from './cuts.ts';
import { checkEvents } from './event-grammar.ts';
import { type Recording, recordings, recordingsMissing } from './recordings.ts';

const skip = recordingsMissing;
const isOf = (key: string) => (recording: Recording) =>
  recording.status === 200 && Object.hasOwn(bodyOf(recording), key);
const bodyOf = ({ requestBody }: Recording) => JSON.parse(requestBody || '{}') as object;

const wholes = recordings('invoke');
const streams = recordings('invoke-stream');
const codec = new EventStreamCodec(
  bytes => Buffer.from(bytes as Uint8Array).toString('utf8'),
  text => Buffer.from(text),
);

/** The native events of the frames, as the codec of AWS reads them. */
function nativeEvents(body: Buffer): string[] {
  const events: string[] = [];
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at);
    const { body: payload } = codec.decode(body.subarray(at, at + length));
    const { bytes } = JSON.parse(Buffer.from(payload).toString()) as { bytes: string };
    events.push(Buffer.from(bytes, 'base64').toString());
    at += length;
  }
  return events;
}

function decoded(dialect: Dialect, bytes: Uint8Array): StreamEvent[] {
  const decoder = dialect.decoder(answerContext);
  return [...decoder.push(bytes), ...decoder.end()];
}

describe("streams of Claude's events", { skip }, () => {
  const claude = streams.filter(isOf('anthropic_version'));

  test('there are some', () => assert.ok(claude.length >= 7, String(claude.length)));

  for (const { file, body } of claude) {
    test(`${file}: every event as it was sent, cut at every byte`, () => {
      const events = nativeEvents(body);
      const sse = Buffer.concat(
        events.map(json => encodeSse((JSON.parse(json) as { type: string }).type, json)),
      );
      for (const pieces of cutsOf(body)) {
        const unframer = new ChunksToSse();
        assert.ok(Buffer.concat(pieces.map(piece => unframer.push(piece))).equals(sse));
      }
      const ours = decoded(anthropicMessages, sse);
      checkEvents(ours, { interleaved: false });
      assert.equal(ours.at(-1)!.type, 'end');
      assert.deepEqual(nativeEvents(Buffer.from(new SseToChunks().push(sse))), events);
    });
  }
});

/** Frames of a ConverseStream with the same events, under the names that Converse has. */
function asConverse(events: readonly string[]): Buffer {
  const frames = events.map(json => {
    const event = JSON.parse(json) as Record<string, object>;
    const [name] = Object.keys(event);
    return eventFrame(name!, withConverseNames(event[name!]!));
  });
  return Buffer.concat(frames);
}

/** The usage under the names that Converse has. */
function withConverseNames(answer: object): JsonObject {
  const { usage, ...rest } = answer as { usage?: object };
  if (usage === undefined) return rest;
  const name = (key: string): string => key.replace(/^(cache.*InputToken)Count$/, '$1s');
  const entries = Object.entries(usage).map(([key, value]) => [name(key), value]);
  return { ...rest, usage: Object.fromEntries(entries) };
}

/**
 * Cut at every byte, and between all. A long one is cut in all its frames at once: what a reader
 * of frames holds when a frame begins does not depend on where those before it were cut.
 */
function* cutsOf(bytes: Buffer): Generator<readonly Uint8Array[]> {
  if (bytes.length > 6000) yield* everyCutOfFrames(bytes);
  else yield* everyCut(bytes);
  yield byteByByte(bytes);
}

describe("streams of Nova's events", { skip }, () => {
  const nova = streams.filter(isOf('inferenceConfig'));

  test('there are some', () => assert.ok(nova.length >= 7, String(nova.length)));

  for (const { file, body } of nova) {
    test(`${file}: through Converse and back, cut at every byte`, () => {
      const events = nativeEvents(body);
      const converse = asConverse(events);
      const ours = decoded(bedrockConverse, converse);
      checkEvents(ours, { interleaved: false });
      assert.equal(ours.at(-1)!.type, 'end');
      assert.ok(ours.some(event => event.type === 'usage' && event.usage.outputTokens > 0));
      // What Bedrock adds to the last event is not Nova's.
      const own = events.map(json => {
        const entries = Object.entries(JSON.parse(json) as object);
        return Object.fromEntries(entries.filter(([key]) => !key.startsWith('amazon-bedrock')));
      });
      let first: Buffer | null = null;
      for (const pieces of cutsOf(converse)) {
        const framer = new ConverseToChunks();
        const chunks = Buffer.concat(pieces.map(piece => framer.push(piece)));
        first ??= chunks;
        assert.ok(chunks.equals(first));
      }
      assert.deepEqual(
        nativeEvents(first!).map(json => JSON.parse(json)),
        own,
      );
    });
  }
});

describe('whole exchanges of Nova', { skip }, () => {
  const nova = wholes.filter(isOf('inferenceConfig'));

  test('there are some', () => assert.ok(nova.length >= 4, String(nova.length)));

  for (const { file, body, headers, requestBody } of [
    ...nova,
    ...streams.filter(isOf('inferenceConfig')),
  ]) {
    test(`${file}: the request is one of Converse`, () => {
      const converse = novaToConverse(Buffer.from(requestBody));
      const path = { model: 'nova', stream: false };
      const request = bedrockConverse.decodeRequest(converse, path);
      const asked = JSON.parse(requestBody);
      assert.equal(request.messages.filter(m => m.role !== 'system').length > 0, true);
      const { max_new_tokens, maxTokens, temperature } = asked.inferenceConfig;
      assert.equal(request.maxOutputTokens, max_new_tokens ?? maxTokens);
      assert.equal(request.temperature, temperature);
      assert.equal(request.tools?.length, asked.toolConfig?.tools.length);
    });
    if (!nova.some(recording => recording.file === file)) continue;
    test(`${file}: the answer is one of Converse, and comes back as it was`, () => {
      const said = JSON.parse(body.toString());
      const converse = Buffer.from(JSON.stringify(withConverseNames(said)));
      const response = bedrockConverse.decodeResponse(converse, headers, answerContext);
      assert.ok(response.candidates[0]!.content.length > 0);
      assert.equal(response.usage!.inputTokens, said.usage.inputTokens);
      assert.deepEqual(JSON.parse(Buffer.from(converseToNova(converse)).toString()), said);
    });
  }
});

describe('whole answers of Claude', { skip }, () => {
  const claude = wholes.filter(isOf('anthropic_version'));

  test('there are some', () => assert.ok(claude.length >= 7, String(claude.length)));

  for (const { file, body } of claude) {
    test(file, () => {
      const { candidates, usage } = anthropicMessages.decodeResponse(body, {}, answerContext);
      const said = JSON.parse(body.toString()) as {
        content: readonly object[];
        usage: { output_tokens: number };
      };
      assert.equal(candidates[0]!.content.length, said.content.length);
      assert.equal(usage!.outputTokens, said.usage.output_tokens);
    });
  }
});
