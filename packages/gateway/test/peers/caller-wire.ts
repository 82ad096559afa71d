// Callers of each dialect in plain HTTP: what they post and where, and what they read. The bytes of
// an answer are read by the grammar of their dialect, as strictly as an SDK would, or more.

import assert from 'node:assert/strict';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { DialectError, type GenerateName } from '@entrepot/dialects/dialect';
import { checkStream as checkMessages } from '../../../dialects/test/anthropic-messages/message-grammar.ts';
import { checkChunks as checkGemini } from '../../../dialects/test/gemini/chunk-grammar.ts';
import { checkChunks } from '../../../dialects/test/openai-chat/chunk-grammar.ts';
import { checkStream as checkResponses } from '../../../dialects/test/openai-responses/response-grammar.ts';
import { dialectOf } from '../../src/dialects.ts';
import type { Rig } from '../rig.ts';
import type { Json } from './follow-up.ts';

export interface CallerWire {
  readonly dialect: GenerateName;
  path(stream: boolean): string;
  /** A question in this text; `more` is spread over the body. */
  body(text: string, stream: boolean, more?: object): Json;
}

const chat: CallerWire = {
  dialect: 'openai-chat',
  path: () => '/v1/chat/completions',
  body: (content, stream, more) => ({
    model: 'any',
    messages: [{ role: 'user', content }],
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    ...more,
  }),
};

const responses: CallerWire = {
  dialect: 'openai-responses',
  path: () => '/v1/responses',
  body: (input, stream, more) => ({ model: 'any', input, stream, store: false, ...more }),
};

const messages: CallerWire = {
  dialect: 'anthropic-messages',
  path: () => '/v1/messages',
  body: (content, stream, more) => ({
    model: 'any',
    max_tokens: 1024,
    messages: [{ role: 'user', content }],
    stream,
    ...more,
  }),
};

const gemini: CallerWire = {
  dialect: 'gemini',
  path: stream =>
    `/v1beta/models/any:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: (text, _stream, more) => ({ contents: [{ role: 'user', parts: [{ text }] }], ...more }),
};

const converse: CallerWire = {
  dialect: 'bedrock-converse',
  path: stream => `/model/any/${stream ? 'converse-stream' : 'converse'}`,
  body: (text, _stream, more) => ({ messages: [{ role: 'user', content: [{ text }] }], ...more }),
};

export const callers: readonly CallerWire[] = [chat, responses, messages, gemini, converse];
export const callerOf = (dialect: GenerateName): CallerWire =>
  callers.find(caller => caller.dialect === dialect)!;

export interface Heard {
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly events: readonly StreamEvent[];
  /** Text of the first answer. */
  readonly text: string;
  readonly last: StreamEvent | undefined;
}

export interface Hearing {
  /** Spread over the body. */
  readonly more?: object;
  readonly headers?: Record<string, string>;
  /** Called when the first bytes have come. */
  readonly onFirst?: () => void;
  /** The bytes are the upstream's own, which a test may have made wrong. */
  readonly passed?: boolean;
}

/** Asks for a stream, reads it to its end, and checks it by the grammar of the caller's dialect. */
export async function hear(rig: Rig, caller: CallerWire, hearing: Hearing = {}): Promise<Heard> {
  const body = caller.body('What is in port?', true, hearing.more);
  const response = await rig.post(caller.path(true), body, hearing.headers);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body!) {
    if (chunks.push(chunk) === 1) hearing.onFirst?.();
  }
  const bytes = Buffer.concat(chunks);
  if (response.status !== 200) {
    assert.fail(`${caller.dialect}: ${response.status} ${bytes.toString()}`);
  }
  if (hearing.passed !== true) checkGrammar(caller.dialect, bytes);
  return { headers: response.headers, bytes, ...read(caller.dialect, bytes) };
}

/** Bytes that nobody can read are an error to whoever reads them. */
export function read(name: GenerateName, bytes: Buffer): Omit<Heard, 'headers' | 'bytes'> {
  const context = { id: 'heard', model: 'any', createdSeconds: 0, includeUsage: true };
  const decoder = dialectOf(name).decoder(context);
  const events: StreamEvent[] = [];
  try {
    for (const byte of bytes) events.push(...decoder.push(Uint8Array.of(byte)));
    events.push(...decoder.end());
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    events.push({ type: 'error', error: cause.error });
  }
  return { events, text: textOf(events), last: events.at(-1) };
}

/** The text blocks of a stream, one after the other. */
export function textOf(events: readonly StreamEvent[]): string {
  const texts = new Set<number>();
  let text = '';
  for (const event of events) {
    if (event.type === 'block_start' && event.block.type === 'text') texts.add(event.index);
    if (event.type === 'block_delta' && texts.has(event.index)) text += event.text;
  }
  return text;
}

/** Converse's frames are checked where they are decoded: their checksums and their order. */
function checkGrammar(name: GenerateName, bytes: Buffer): void {
  if (name === 'openai-chat') checkChunks(bytes, true);
  if (name === 'openai-responses') checkResponses(bytes);
  if (name === 'anthropic-messages') checkMessages(bytes);
  if (name === 'gemini') checkGemini(bytes);
}
