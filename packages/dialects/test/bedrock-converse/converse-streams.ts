// Recorded streams of this dialect, and frames made for a test.

import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import type { AnswerContext } from '@entrepot/dialects/dialect';
import { EventStreamFramer, MessageReader, writeMessage } from '@entrepot/dialects/event-stream';
import { answerContext } from '../shared/answer-context.ts';
import { type Recording, recordings } from '../shared/recordings.ts';

export type RecordedStream = Pick<Recording, 'file' | 'body'>;

export function converseStreams(): readonly RecordedStream[] {
  return recordings('converse-stream').filter(({ status }) => status === 200);
}

/** The events of a stream that came in these pieces. */
export function decodeStream(
  pieces: readonly Uint8Array[],
  context: AnswerContext = answerContext,
): StreamEvent[] {
  const decoder = bedrockConverse.decoder(context);
  return [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()];
}

/** The bytes of a stream of these events. */
export function encodeStream(events: readonly StreamEvent[]): Buffer {
  const encoder = bedrockConverse.encoder(answerContext);
  return Buffer.concat(events.map(event => encoder.push(event)));
}

/** One frame of the wire. */
export function wire(name: string, payload: object): Uint8Array {
  const headers = { ':event-type': name, ':content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify(payload));
  return writeMessage({ ...headers, ':message-type': 'event' }, body);
}

/** Names and payloads of the frames. */
export function read(bytes: Uint8Array): [string, Record<string, unknown>][] {
  const framer = new EventStreamFramer();
  return [...framer.push(bytes)].map(frame => {
    const { headers, payload } = new MessageReader().read(frame);
    const name = headers.get(':event-type') ?? headers.get(':exception-type');
    return [String(name), JSON.parse(String(Buffer.from(payload))) as Record<string, unknown>];
  });
}

/** At most two deltas of each block: the others are alike, and every cut is tried. */
export function shortened(body: Uint8Array): Buffer {
  const seen = new Map<unknown, number>();
  const kept = [...new EventStreamFramer().push(body)].filter(frame => {
    const [[name, payload]] = read(frame) as [[string, Record<string, unknown>]];
    if (name !== 'contentBlockDelta') return true;
    const count = (seen.get(payload.contentBlockIndex) ?? 0) + 1;
    seen.set(payload.contentBlockIndex, count);
    return count <= 2;
  });
  return Buffer.concat(kept);
}
