// Every reader of bytes that a caller or an upstream sends, for junk to be given to: bodies whole,
// streams in pieces as sockets give them.

import { bedrockNative } from '@entrepot/dialects/bedrock-native/dialect';
import { ChunksToSse, SseToChunks } from '@entrepot/dialects/chunk-frames';
import type { Tap, WholeDialect } from '@entrepot/dialects/dialect';
import { EventStreamFramer } from '@entrepot/dialects/event-stream';
import { JsonArrayToSse, SseToJsonArray } from '@entrepot/dialects/gemini/json-array';
import { scanJson } from '@entrepot/dialects/json-scan';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import { ConverseToChunks, converseToNova, novaToConverse } from '@entrepot/dialects/nova-invoke';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { StreamMarker } from '@entrepot/dialects/openai-responses/kept-answer';
import { SseFramer, SseParser } from '@entrepot/dialects/sse';
import { answerContext } from '../shared/answer-context.ts';
import { countDialects, dialects, embedDialects } from './dialects.ts';

export interface Reader {
  readonly name: string;
  /** A stream is read in flat memory, whatever comes; a body in proportion to its size. */
  readonly shape: 'stream' | 'body';
  read(bytes: Buffer): void;
}

const pieceBytes = 64 * 1024;
const path = { model: 'm', stream: true };

interface Pushed {
  push(bytes: Uint8Array): unknown;
  end?(): unknown;
}

function stream(name: string, make: () => Pushed): Reader {
  return {
    name,
    shape: 'stream',
    read(bytes) {
      const reader = make();
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        reader.push(bytes.subarray(at, at + pieceBytes));
      }
      reader.end?.();
    },
  };
}

function body(name: string, read: (bytes: Buffer) => unknown): Reader {
  return { name, shape: 'body', read };
}

function bodies(dialect: WholeDialect): Reader[] {
  const { name } = dialect;
  return [
    body(`${name} scan`, bytes => dialect.scan(bytes, path)),
    body(`${name} decodeRequest`, bytes => dialect.decodeRequest(bytes, path)),
    body(`${name} decodeResponse`, bytes => dialect.decodeResponse(bytes, {}, answerContext)),
    body(`${name} readUsage`, bytes => dialect.readUsage(bytes)),
    body(`${name} decodeError`, bytes => dialect.decodeError(500, {}, bytes)),
  ];
}

/** Usage is asked for after each piece, as a gateway may. */
function tapped(tap: Tap): Pushed {
  return { push: bytes => [tap.push(bytes), tap.usage], end: () => tap.end() };
}

export const readers: readonly Reader[] = [
  ...dialects.flatMap(dialect => [
    ...bodies(dialect),
    stream(`${dialect.name} stream decoder`, () => dialect.decoder(answerContext)),
    stream(`${dialect.name} tap`, () => tapped(dialect.tap({ hideUsage: true }))),
  ]),
  ...[...embedDialects, ...countDialects].flatMap(dialect => bodies(dialect as WholeDialect)),
  body('openai-completions scan', bytes => openaiCompletions.scan(bytes)),
  body('openai-completions readUsage', bytes => openaiCompletions.readUsage(bytes)),
  stream('openai-completions tap', () => tapped(openaiCompletions.tap({ hideUsage: true }))),
  body('bedrock-native scan', bytes => bedrockNative.scan(bytes, path)),
  body('bedrock-native readUsage', bytes => bedrockNative.readUsage(bytes)),
  stream('bedrock-native tap', () => tapped(bedrockNative.tap({ hideUsage: false }))),
  body('JSON scan', scanJson),
  body('JSON splice', bytes => spliceMembers(bytes, ['model', 'stream'], { added: '"1"' })),
  body('Nova to Converse', novaToConverse),
  body('Converse to Nova', converseToNova),
  stream('SSE parser', () => new SseParser()),
  stream('SSE framer', () => new SseFramer()),
  stream('event-stream framer', () => {
    const framer = new EventStreamFramer();
    return { push: bytes => [...framer.push(bytes)].length };
  }),
  stream('frames of InvokeModel', () => new ChunksToSse()),
  stream('events to frames of InvokeModel', () => new SseToChunks()),
  stream('frames of Converse to those of Nova', () => new ConverseToChunks()),
  stream('JSON array to events', () => new JsonArrayToSse()),
  stream('events to JSON array', () => new SseToJsonArray()),
  stream('marks on kept answers', () => {
    const marker = new StreamMarker({ id: 'resp_1', previous: null, store: true });
    return { push: bytes => marker.push(bytes) };
  }),
];
