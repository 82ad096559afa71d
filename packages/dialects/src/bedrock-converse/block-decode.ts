// Blocks of a caller's messages to canonical ones. A block that says more than the canonical form
// can hold is kept whole, for this dialect alone. What the service would refuse is refused.

import type { AudioBlock, Block, CacheMark, DocumentBlock, Source } from '../canonical.ts';
import { plainBase64 } from '../data-url.ts';
import { badField, isObject, type ObjectReader } from '../json.ts';
import { unseal } from '../sealed-signature.ts';
import { type MediaKind, mediaTypeOf } from './media.ts';
import { native, nativeBlock } from './native.ts';

/** Of the service's own model of its API. */
export const callIdPattern: RegExp = /^[a-zA-Z0-9_.:-]{1,64}$/;
export const toolNamePattern: RegExp = /^[a-zA-Z0-9_-]{1,64}$/;
/** No two spaces in a row. Underscores are taken, though the service's own message says not. */
const documentNamePattern = /^(?!.*\s\s)[a-zA-Z0-9_\s\-()[\]]{1,200}$/;

/** `issuer` is whose signatures those of the conversation are. */
export function decodeBlocks(owner: ObjectReader, key: string, issuer: string): Block[] {
  const given = owner.objects(key);
  if (given === undefined) throw owner.bad(key, 'it is required');
  const blocks: Block[] = [];
  for (const block of given) {
    const mark = block.child('cachePoint');
    if (mark === undefined || !markLast(blocks, cacheMark(mark))) {
      blocks.push(decodeBlock(block, issuer));
    }
  }
  return blocks;
}

export function cacheMark(point: ObjectReader): CacheMark {
  point.oneOf('type', ['default']);
  return { ttl: point.oneOf('ttl', ['5m', '1h']) ?? '5m' };
}

/** False where there is no block before the mark that could carry it. */
function markLast(blocks: Block[], cache: CacheMark): boolean {
  const last = blocks.at(-1);
  switch (last?.type) {
    case 'text':
    case 'image':
    case 'document':
    case 'tool_call':
    case 'tool_result':
      if (last.cache !== undefined) return false;
      blocks[blocks.length - 1] = { ...last, cache };
      return true;
    default:
      return false;
  }
}

function decodeBlock(block: ObjectReader, issuer: string): Block {
  const kinds = Object.keys(block.object).filter(key => block.value(key) !== undefined);
  if (kinds.length !== 1) throw badField(block.path, 'expected one kind of content');
  const [kind] = kinds;
  switch (kind) {
    case 'text':
      return { type: 'text', text: decodeText(block) };
    case 'json':
      return { type: 'text', text: JSON.stringify(block.value('json') ?? null) };
    case 'image':
    case 'document':
    case 'audio':
      return decodeMedia(block, kind);
    case 'toolUse':
      return decodeToolUse(block.requiredObject('toolUse')) ?? nativeBlock(block.object);
    case 'toolResult':
      return decodeToolResult(block.requiredObject('toolResult'), issuer);
    case 'reasoningContent':
      return decodeReasoning(block.requiredObject('reasoningContent'), issuer);
    case 'citationsContent':
      return decodeCitations(block.requiredObject('citationsContent'));
    default:
      return nativeBlock(block.object);
  }
}

function decodeText(block: ObjectReader): string {
  const text = block.requiredString('text');
  if (text.trim() === '') throw block.bad('text', 'it is blank');
  return text;
}

function decodeMedia(block: ObjectReader, kind: MediaKind): Block {
  const media = block.requiredObject(kind);
  const format = media.string('format') ?? (kind === 'document' ? 'txt' : '');
  const mediaType = mediaTypeOf(kind, format);
  const source = media.requiredObject('source');
  const name = kind === 'document' ? checkedName(media) : undefined;
  const known = new Set(['format', 'source', 'name']);
  if (mediaType === undefined || media.unknownFields(known) !== undefined) {
    return nativeBlock(block.object);
  }
  const decoded = decodeSource(source, kind, mediaType);
  if (decoded === null) return nativeBlock(block.object);
  const base = { type: kind, source: decoded } as DocumentBlock | AudioBlock;
  return name === undefined ? base : ({ ...base, name } as DocumentBlock);
}

function checkedName(media: ObjectReader): string {
  const name = media.requiredString('name');
  if (documentNamePattern.test(name)) return name;
  const allowed = 'letters, digits, single spaces, hyphens, parentheses and square brackets';
  throw media.bad('name', `it may hold ${allowed} alone`);
}

/** null for a source that only this dialect has: one in S3, or a document made of blocks. */
function decodeSource(source: ObjectReader, kind: MediaKind, mediaType: string): Source | null {
  const bytes = source.string('bytes');
  if (bytes !== undefined) return { kind: 'base64', mediaType, data: plainBase64(bytes) };
  const text = kind === 'document' ? source.string('text') : undefined;
  return text === undefined ? null : { kind: 'text', mediaType, text };
}

/** null for a call that the service made and answered itself. */
function decodeToolUse(call: ObjectReader): Block | null {
  const id = decodeCallId(call);
  if (call.string('type') === 'server_tool_use') return null;
  const name = call.requiredString('name');
  if (!toolNamePattern.test(name)) throw call.bad('name', 'it is no name of a tool');
  const input = call.value('input') ?? {};
  if (!isObject(input)) throw call.bad('input', 'expected an object');
  return { type: 'tool_call', id, name, argumentsJson: JSON.stringify(input) };
}

function decodeCallId(owner: ObjectReader): string {
  const id = owner.requiredString('toolUseId');
  if (callIdPattern.test(id)) return id;
  throw owner.bad('toolUseId', 'expected 1 to 64 letters, digits or any of _.:-');
}

function decodeToolResult(result: ObjectReader, issuer: string): Block {
  const status = result.oneOf('status', ['success', 'error']);
  return {
    type: 'tool_result',
    callId: decodeCallId(result),
    content: decodeBlocks(result, 'content', issuer),
    isError: status === 'error',
  };
}

function decodeReasoning(reasoning: ObjectReader, issuer: string): Block {
  const data = reasoning.string('redactedContent');
  if (data !== undefined) return { type: 'redacted_thinking', data, issuer };
  const inner = reasoning.requiredObject('reasoningText');
  const text = inner.requiredString('text');
  const signature = inner.string('signature') ?? '';
  if (signature === '') return { type: 'thinking', text };
  const { opaque, ...issued } = unseal(signature, issuer);
  return { type: 'thinking', text, signature: opaque, ...issued };
}

function decodeCitations(block: ObjectReader): Block {
  const text = (block.objects('content') ?? []).map(part => part.string('text') ?? '').join('');
  return { type: 'text', text, citations: native(block.array('citations') ?? []) };
}
