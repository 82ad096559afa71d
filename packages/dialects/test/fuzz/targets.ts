// What fuzzing gives bytes to, and what must hold whatever they are. A target may throw
// DialectError, which is its answer to what is wrong, and nothing else; a broken promise is an
// AssertionError.

import assert from 'node:assert/strict';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { ChunksToSse } from '@entrepot/dialects/chunk-frames';
import type { Dialect } from '@entrepot/dialects/dialect';
import { EventStreamFramer, MessageReader } from '@entrepot/dialects/event-stream';
import { JsonArrayToSse, SseToJsonArray } from '@entrepot/dialects/gemini/json-array';
import { parseJson } from '@entrepot/dialects/json';
import { scanJson } from '@entrepot/dialects/json-scan';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import { framesOf, SseFramer, SseParser } from '@entrepot/dialects/sse';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { checkEvents } from '../shared/event-grammar.ts';
import { inPieces, type Random } from '../shared/seeded.ts';
import { dialects } from './dialects.ts';
import type { Kind } from './seeds.ts';
import { tried } from './tried.ts';
import { wholeAndCarried } from './whole-targets.ts';

export interface Target {
  readonly name: string;
  /** What it is meant to read. */
  readonly kinds: readonly Kind[];
  run(bytes: Buffer, random: Random): void;
}

const path = { model: 'any', stream: true };

function isPathDialect({ name }: Dialect): boolean {
  return name === 'gemini' || name === 'bedrock-converse';
}

/** A scan reads what a decoder reads, and a splice changes the model and nothing else. */
function scanTarget(dialect: Dialect): Target {
  const where = isPathDialect(dialect) ? path : undefined;
  return {
    name: `${dialect.name} scan and splice`,
    kinds: ['request'],
    run(bytes) {
      const scan = tried(() => dialect.scan(bytes, where));
      if (scan === undefined || scan === null) return;
      const decoded = tried(() => dialect.decodeRequest(bytes, where));
      if (decoded !== undefined) {
        assert.equal(scan.model, decoded.model, 'scan and decoder see one model');
        assert.equal(scan.stream, decoded.stream, 'scan and decoder see one wish for a stream');
      }
      const spliced = Buffer.concat(dialect.splice(bytes, scan, 'another'));
      const [before, after] = [bytes, spliced].map(
        body => JSON.parse(body.toString()) as Record<string, unknown>,
      );
      if (scan.modelRange !== null) assert.equal(after!.model, 'another');
      for (const key of ['model', 'stream_options']) {
        delete before![key];
        delete after![key];
      }
      assert.deepEqual(after, before, 'a splice changes nothing else');
    },
  };
}

/** What is decoded can be written in every dialect, and what is written is read again. */
function requestTarget(dialect: Dialect): Target {
  const where = isPathDialect(dialect) ? path : undefined;
  return {
    name: `${dialect.name} decodeRequest`,
    kinds: ['request'],
    run(bytes) {
      const request = dialect.decodeRequest(bytes, where);
      for (const other of dialects) {
        const encoded = tried(() => other.encodeRequest(request, plainTarget));
        if (encoded === undefined) continue;
        JSON.parse(Buffer.from(encoded.body).toString());
        for (const { field } of encoded.losses) dialect.fieldName(field);
      }
    },
  };
}

function answerTarget(dialect: Dialect): Target {
  return {
    name: `${dialect.name} decodeResponse`,
    kinds: ['answer'],
    run(bytes) {
      tried(() => dialect.readUsage(bytes));
      const response = dialect.decodeResponse(bytes, {}, answerContext);
      for (const other of dialects) {
        const encoded = tried(() => other.encodeResponse(response, answerContext));
        if (encoded === undefined) continue;
        other.decodeResponse(encoded.body, {}, answerContext);
      }
    },
  };
}

/** Every body is some error: nothing is thrown at all. */
function errorTarget(dialect: Dialect): Target {
  return {
    name: `${dialect.name} decodeError`,
    kinds: ['error', 'answer'],
    run(bytes, random) {
      const status = 400 + Math.floor(random() * 200);
      const headers = { 'retry-after': bytes.toString('latin1', 0, 20) };
      const error = dialect.decodeError(status, headers, bytes);
      for (const other of dialects) {
        const { body } = other.encodeError(error, 'req_1');
        assert.equal(typeof other.decodeError(status, {}, body).message, 'string');
        other.encodeStreamError(error);
      }
    },
  };
}

function decoded(dialect: Dialect, pieces: readonly Uint8Array[]): readonly StreamEvent[] | null {
  const decoder = dialect.decoder(answerContext);
  const events = tried(() => [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()]);
  return events ?? null;
}

/** The same events however the bytes are cut, in the order that encoders rely on. */
function decoderTarget(dialect: Dialect): Target {
  return {
    name: `${dialect.name} stream decoder`,
    kinds: [dialect.name === 'bedrock-converse' ? 'frames' : 'stream'],
    run(bytes, random) {
      const events = decoded(dialect, [bytes]);
      const cut = decoded(dialect, inPieces(random, bytes, 8));
      assert.deepEqual(cut, events, 'the same however it is cut');
      if (events === null) return;
      checkEvents(events, { interleaved: dialect.name.startsWith('openai') });
      for (const other of dialects) {
        const encoder = other.encoder(answerContext);
        const written = events.map(event => encoder.push(event));
        const again = decoded(other, written);
        assert.ok(again !== null, `${other.name} reads what it wrote`);
        assert.equal(again.at(-1)?.type, events.at(-1)?.type, `${other.name} says how it ended`);
      }
    },
  };
}

/** An event is content by its first line and another by a later one: the tap believes the first. */
function contradictsItself(bytes: Buffer): boolean {
  const end = '(?:\\r\\n|\\r|\\n)';
  const again = new RegExp(`event: content_block_[^\\r\\n]*${end}(?:[^\\r\\n]+${end})*event`);
  return again.test(bytes.toString('latin1'));
}

/** Forwards the bytes that came, or fewer, and never calls whole what the decoder does not. */
function tapTarget(dialect: Dialect): Target {
  return {
    name: `${dialect.name} tap`,
    kinds: [dialect.name === 'bedrock-converse' ? 'frames' : 'stream'],
    run(bytes, random) {
      const tap = dialect.tap({ hideUsage: random() < 0.5 });
      const out: Uint8Array[] = [];
      for (const piece of inPieces(random, bytes, 8)) out.push(tap.push(piece));
      out.push(tap.end());
      const size = out.reduce((sum, { length }) => sum + length, 0);
      assert.ok(size <= bytes.length, 'a tap adds nothing');
      if (!tap.complete || tap.error !== null || contradictsItself(bytes)) return;
      const last = decoded(dialect, [bytes])?.at(-1)?.type;
      assert.ok(last === 'end' || last === undefined, 'a tap does not call whole what is not');
    },
  };
}

const shared: readonly Target[] = [
  {
    name: 'JSON scan',
    kinds: ['request', 'answer'],
    run(bytes) {
      const scan = tried(() => scanJson(bytes));
      const value = tried(() => parseJson(bytes, 'upstream'));
      if (scan === undefined) return;
      assert.ok(typeof value === 'object' && value !== null, 'what it takes is JSON');
      if (scan.ambiguous) return;
      assert.deepEqual([...scan.members.keys()].sort(), Object.keys(value).sort());
      spliceMembers(bytes, [], { added: '1' });
    },
  },
  {
    name: 'SSE parser and framer',
    kinds: ['stream'],
    run(bytes, random) {
      const pieces = inPieces(random, bytes, 8);
      const parse = (some: readonly Uint8Array[]): unknown => {
        const parser = new SseParser();
        return [...some.flatMap(piece => parser.push(piece)), ...parser.end()];
      };
      assert.deepEqual(parse(pieces), parse([bytes]), 'the same however it is cut');
      const framer = new SseFramer();
      const frames = pieces.flatMap(piece => framesOf(piece, framer.push(piece)));
      frames.push(framer.end());
      assert.ok(Buffer.concat(frames).equals(bytes), 'frames and rest are the bytes');
    },
  },
  {
    name: 'event-stream framer',
    kinds: ['frames'],
    run(bytes, random) {
      const framer = new EventStreamFramer();
      const messages = new MessageReader();
      for (const piece of inPieces(random, bytes, 8)) {
        for (const frame of framer.push(piece)) messages.read(frame);
      }
    },
  },
  {
    name: 'frames of InvokeModel',
    kinds: ['frames'],
    run(bytes, random) {
      const unframer = new ChunksToSse();
      for (const piece of inPieces(random, bytes, 8)) unframer.push(piece);
    },
  },
  {
    name: 'JSON array to events',
    kinds: ['stream', 'answer'],
    run(bytes, random) {
      const reader = new JsonArrayToSse();
      for (const piece of inPieces(random, bytes, 8)) reader.push(piece);
    },
  },
  {
    name: 'events to JSON array',
    kinds: ['stream'],
    run(bytes, random) {
      const writer = new SseToJsonArray();
      for (const piece of inPieces(random, bytes, 8)) writer.push(piece);
      writer.end();
    },
  },
];

export const targets: readonly Target[] = [
  ...dialects.flatMap(dialect => [
    scanTarget(dialect),
    requestTarget(dialect),
    answerTarget(dialect),
    errorTarget(dialect),
    decoderTarget(dialect),
    tapTarget(dialect),
  ]),
  ...shared,
  ...wholeAndCarried,
];
