// Parts of a caller's content to blocks. A part that says more than a block can hold is kept whole,
// for this dialect alone.

import type { Block, Signed, Source } from '../canonical.ts';
import { plainBase64, plainMediaType } from '../data-url.ts';
import { DialectError } from '../dialect.ts';
import type { CallBook } from './call-book.ts';
import { decodeFunctionResponse } from './function-response.ts';
import type { ProtoReader } from './proto-reader.ts';
import { unseal } from './signature.ts';

const signed = ['thought', 'thoughtSignature'];
const callKeys: ReadonlySet<string> = new Set(['name', 'id', 'args']);
const responseKeys: ReadonlySet<string> = new Set(['name', 'id', 'response', 'parts']);

export function decodePart(part: ProtoReader, role: 'user' | 'model', book: CallBook): Block[] {
  const text = part.string('text');
  if (part.value('functionCall') !== undefined) {
    if (role === 'user') throw part.bad('functionCall', 'only the model calls functions');
    return [decodeCall(part, book)];
  }
  if (part.value('functionResponse') !== undefined) {
    if (role === 'model') throw part.bad('functionResponse', 'the model does not answer calls');
    return [decodeAnswer(part, book)];
  }
  if (part.saysMoreThan(new Set(['text', ...signed]))) return [decodeMedia(part)];
  if (text === undefined && !signed.some(key => part.value(key) !== undefined)) {
    throw part.bad('text', 'a part says nothing');
  }
  return decodeText(part, text ?? '');
}

function decodeText(part: ProtoReader, text: string): Block[] {
  const thoughtSignature = part.string('thoughtSignature') || undefined;
  const isThought = part.boolean('thought') === true;
  if (text === '' && thoughtSignature === undefined) return [];
  if (!isThought) return [{ type: 'text', text, ...signatureOf(part) }];
  const opened = thoughtSignature === undefined ? undefined : unseal(thoughtSignature);
  if (opened?.redacted) {
    const { signature: data, issuer } = opened;
    return [{ type: 'redacted_thinking', data, ...(issuer === undefined ? {} : { issuer }) }];
  }
  return [{ type: 'thinking', text, ...signatureOf(part) }];
}

function signatureOf(part: ProtoReader): Signed {
  const thoughtSignature = part.string('thoughtSignature');
  if (!thoughtSignature) return {};
  const { redacted: _, ...opened } = unseal(thoughtSignature);
  return opened;
}

function decodeCall(part: ProtoReader, book: CallBook): Block {
  refuseMore(part, ['functionCall', ...signed]);
  const call = part.requiredObject('functionCall');
  refuseMore(call, callKeys);
  const name = call.requiredString('name');
  const args = call.map('args');
  const argumentsJson = args === undefined ? '' : JSON.stringify(args);
  const id = book.call(name, call.string('id'));
  return { type: 'tool_call', id, name, argumentsJson, ...signatureOf(part) };
}

function decodeAnswer(part: ProtoReader, book: CallBook): Block {
  refuseMore(part, ['functionResponse', ...signed]);
  const answer = part.requiredObject('functionResponse');
  refuseMore(answer, responseKeys);
  const name = answer.requiredString('name');
  const callId = book.answer(name, answer.string('id'), answer.pathOf('name'));
  const { content, isError } = decodeFunctionResponse(answer.map('response') ?? {});
  const media = (answer.objects('parts') ?? []).map(decodeMedia);
  return { type: 'tool_result', callId, content: [...content, ...media], isError };
}

/** Half of a call cannot be dropped, nor kept whole: its answer must find it. */
function refuseMore(reader: ProtoReader, known: Iterable<string>): void {
  const keys = new Set(known);
  const more = Object.keys(reader.object).find(
    key => !keys.has(key) && reader.value(key) !== undefined,
  );
  if (more === undefined) return;
  const field = reader.pathOf(more);
  const message = `'${field}' cannot be carried to another dialect.`;
  throw new DialectError({ class: 'unsupported', message, field, code: 'unsupported_field' });
}

const blobKeys: ReadonlySet<string> = new Set(['mimeType', 'data']);
const fileKeys: ReadonlySet<string> = new Set(['mimeType', 'fileUri']);

/** A picture, a document or a sound; anything else, or more, is kept whole. */
function decodeMedia(part: ProtoReader): Block {
  const blob = part.child('inlineData');
  const file = part.child('fileData');
  const media = blob ?? file;
  const known = blob === undefined ? fileKeys : blobKeys;
  const source = blob === undefined ? file && uriSource(file) : blobSource(blob);
  const isPlain = !part.saysMoreThan(new Set([blob === undefined ? 'fileData' : 'inlineData']));
  if (media === undefined || source === undefined || !isPlain || media.saysMoreThan(known)) {
    return { type: 'native', native: { dialect: 'gemini', value: part.object } };
  }
  const mediaType = media.string('mimeType');
  const kind = mediaType === undefined ? 'document' : kindOf(mediaType);
  if (kind === null) return { type: 'native', native: { dialect: 'gemini', value: part.object } };
  return { type: kind, source };
}

/** Google takes base64 for URLs as well. */
function blobSource(blob: ProtoReader): Source {
  const mediaType = plainMediaType(blob.requiredString('mimeType'));
  const data = plainBase64(blob.requiredString('data')).replaceAll('-', '+').replaceAll('_', '/');
  return { kind: 'base64', mediaType, data };
}

function uriSource(file: ProtoReader): Source {
  const mediaType = file.string('mimeType');
  const url = file.requiredString('fileUri');
  return mediaType === undefined ? { kind: 'url', url } : { kind: 'url', url, mediaType };
}

/** null for films, which no other dialect has. */
function kindOf(mediaType: string): 'image' | 'audio' | 'document' | null {
  const family = mediaType.split('/', 1)[0]!.toLowerCase();
  if (family === 'image' || family === 'audio') return family;
  return family === 'video' ? null : 'document';
}
