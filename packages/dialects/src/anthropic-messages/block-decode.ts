// Blocks of a caller's messages to canonical ones. A block that says more than the canonical form
// can hold is kept whole, for this dialect alone: nothing of it gets lost on the way.

import type { Block, CacheMark, DocumentBlock, Native, Source } from '../canonical.ts';
import { plainBase64, plainMediaType } from '../data-url.ts';
import type { ObjectReader } from '../json.ts';
import { unseal } from '../sealed-signature.ts';
import { ownIssuer } from './own-issuer.ts';

export type Place = 'system' | 'user' | 'assistant' | 'tool_result';

/** Where the known types may stand; any other type may stand anywhere. */
const places: Readonly<Record<string, readonly Place[]>> = {
  text: ['system', 'user', 'assistant', 'tool_result'],
  image: ['user', 'tool_result'],
  document: ['user', 'tool_result'],
  tool_result: ['user'],
  tool_use: ['assistant'],
  thinking: ['assistant'],
  redacted_thinking: ['assistant'],
};

/** `content` (or `system`) as a string or as blocks; an empty text is no block at all. */
export function decodeBlocks(owner: ObjectReader, key: string, place: Place): Block[] {
  const value = owner.value(key);
  if (value === undefined || value === '') return [];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw owner.bad(key, 'expected a string or an array');
  return owner.objects(key)!.flatMap(block => decodeBlock(block, place));
}

function decodeBlock(block: ObjectReader, place: Place): Block[] {
  const type = block.requiredString('type');
  if (Object.hasOwn(places, type) && !places[type]!.includes(place)) {
    throw block.bad('type', `a ${type} block cannot stand here`);
  }
  switch (type) {
    case 'text':
      return decodeText(block);
    case 'image':
    case 'document':
      return [decodeAttachment(block, type)];
    case 'tool_use':
      return [decodeToolUse(block)];
    case 'tool_result':
      return [decodeToolResult(block)];
    case 'thinking':
      return [decodeThinking(block)];
    case 'redacted_thinking': {
      const { opaque, ...issuer } = unseal(block.requiredString('data'), ownIssuer);
      return [{ type, data: opaque, ...issuer }];
    }
    default:
      return [nativeBlock(block.object)];
  }
}

function decodeText(block: ObjectReader): Block[] {
  const text = block.requiredString('text');
  const citations = block.array('citations') ?? [];
  if (text === '') return [];
  const cited = citations.length === 0 ? {} : { citations: native(citations) };
  const decoded: Block = { type: 'text', text, ...cited, ...cacheOf(block) };
  return [saysMore(block, ['text', 'citations']) ? nativeBlock(block.object) : decoded];
}

function decodeAttachment(block: ObjectReader, type: 'image' | 'document'): Block {
  const source = decodeSource(block.requiredObject('source'), type);
  const name = type === 'document' ? block.string('title') : undefined;
  const known = type === 'document' ? ['source', 'title'] : ['source'];
  const cites = type === 'document' && block.child('citations')?.boolean('enabled') === false;
  if (source === null || saysMore(block, cites ? [...known, 'citations'] : known)) {
    return nativeBlock(block.object);
  }
  if (type === 'image') return { type, source, ...cacheOf(block) };
  const document: DocumentBlock = { type, source, ...cacheOf(block) };
  return name === undefined ? document : { ...document, name };
}

/** null for a source that only this dialect has, such as a document made of blocks. */
function decodeSource(source: ObjectReader, type: 'image' | 'document'): Source | null {
  switch (source.requiredString('type')) {
    case 'base64': {
      const mediaType = plainMediaType(source.requiredString('media_type'));
      return { kind: 'base64', mediaType, data: plainBase64(source.requiredString('data')) };
    }
    case 'url':
      return { kind: 'url', url: source.requiredString('url') };
    case 'file':
      return { kind: 'file-id', fileId: source.requiredString('file_id') };
    case 'text': {
      if (type === 'image') throw source.bad('type', 'an image is no text');
      const mediaType = source.string('media_type') ?? 'text/plain';
      return { kind: 'text', mediaType, text: source.requiredString('data') };
    }
    default:
      return null;
  }
}

/** A call that a server tool made for the model cannot be told elsewhere. */
function decodeToolUse(block: ObjectReader): Block {
  const id = block.requiredString('id');
  const name = block.requiredString('name');
  const input = block.requiredObject('input').object;
  const caller = block.child('caller');
  const direct = caller === undefined || caller.string('type') === 'direct';
  if (!direct || saysMore(block, ['id', 'name', 'input', 'caller'])) {
    return nativeBlock(block.object);
  }
  const argumentsJson = JSON.stringify(input);
  return { type: 'tool_call', id, name, argumentsJson, ...cacheOf(block) };
}

function decodeToolResult(block: ObjectReader): Block {
  const callId = block.requiredString('tool_use_id');
  const content = decodeBlocks(block, 'content', 'tool_result');
  const isError = block.boolean('is_error') ?? false;
  if (saysMore(block, ['tool_use_id', 'content', 'is_error'])) return nativeBlock(block.object);
  return { type: 'tool_result', callId, content, isError, ...cacheOf(block) };
}

function decodeThinking(block: ObjectReader): Block {
  const text = block.requiredString('thinking');
  const sealed = block.string('signature') ?? '';
  if (sealed === '') return { type: 'thinking', text };
  const { opaque: signature, ...issuer } = unseal(sealed, ownIssuer);
  return { type: 'thinking', text, signature, ...issuer };
}

/** The block has a field, other than the known ones, with something in it. */
function saysMore(block: ObjectReader, known: readonly string[]): boolean {
  return Object.entries(block.object).some(
    ([key, value]) =>
      value !== null && key !== 'type' && key !== 'cache_control' && !known.includes(key),
  );
}

export function cacheOf(object: ObjectReader): { cache?: CacheMark } {
  const mark = object.child('cache_control');
  if (mark === undefined) return {};
  return { cache: { ttl: mark.oneOf('ttl', ['5m', '1h']) ?? '5m' } };
}

export function native(value: unknown): Native {
  return { dialect: 'anthropic-messages', value };
}

function nativeBlock(value: unknown): Block {
  return { type: 'native', native: native(value) };
}
