// Parts of a caller's message or of a tool's answer to blocks. A part that no other dialect knows
// is kept whole.

import type { Block, CacheMark, DocumentBlock, ImageBlock, Source } from '../canonical.ts';
import { parseDataUrl, plainBase64 } from '../data-url.ts';
import type { ObjectReader } from '../json.ts';
import { native, nativePart } from './native.ts';

/** The value of `key` as a string or as parts; an empty text is no block at all. */
export function decodeContent(item: ObjectReader, key: string): Block[] {
  const content = item.value(key);
  if (content === undefined) throw item.bad(key, 'it is required');
  if (content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw item.bad(key, 'expected a string or an array');
  return item.objects(key)!.flatMap(decodePart);
}

function decodePart(part: ObjectReader): Block[] {
  switch (part.requiredString('type')) {
    case 'input_text':
    case 'output_text':
      return decodeText(part);
    case 'refusal':
      return [{ type: 'refusal', text: part.requiredString('refusal') }];
    case 'input_image':
      return [decodeImage(part)];
    case 'input_file':
      return [decodeFile(part)];
    default:
      return [nativePart(part.object)];
  }
}

function decodeText(part: ObjectReader): Block[] {
  const text = part.requiredString('text');
  if (text === '') return [];
  const annotations = part.array('annotations') ?? [];
  const citations = annotations.length === 0 ? {} : { citations: native(annotations) };
  return [{ type: 'text', text, ...citations, ...cacheOf(part) }];
}

/** A breakpoint takes its time from the request: the shortest that the canonical form knows. */
function cacheOf(part: ObjectReader): { cache?: CacheMark } {
  return part.child('prompt_cache_breakpoint') === undefined ? {} : { cache: { ttl: '5m' } };
}

function decodeImage(part: ObjectReader): ImageBlock {
  const detail = part.string('detail');
  const more = { ...(detail === undefined ? {} : { detail }), ...cacheOf(part) };
  const fileId = part.string('file_id');
  if (fileId !== undefined) return { type: 'image', source: { kind: 'file-id', fileId }, ...more };
  return { type: 'image', source: sourceOf(part, 'image_url'), ...more };
}

function sourceOf(part: ObjectReader, key: string): Source {
  const url = part.requiredString(key);
  const inline = parseDataUrl(url);
  if (inline !== null) return { kind: 'base64', ...inline };
  if (/^data:/i.test(url)) throw part.bad(key, 'a data URL must be base64');
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) throw part.bad(key, 'expected a URL or a data URL');
  return { kind: 'url', url };
}

/** How closely a file is looked at is known to this dialect alone. */
function decodeFile(part: ObjectReader): DocumentBlock | Block {
  if ((part.string('detail') ?? 'auto') !== 'auto') return nativePart(part.object);
  const name = part.string('filename');
  const more = { ...(name === undefined ? {} : { name }), ...cacheOf(part) };
  const fileId = part.string('file_id');
  if (fileId !== undefined) {
    return { type: 'document', source: { kind: 'file-id', fileId }, ...more };
  }
  const isUrl = part.string('file_url') !== undefined;
  const source = isUrl ? sourceOf(part, 'file_url') : fileData(part);
  return { type: 'document', source, ...more };
}

/** The API takes bare base64 for PDF. */
function fileData(part: ObjectReader): Source {
  const data = part.requiredString('file_data');
  if (/^data:/i.test(data)) return sourceOf(part, 'file_data');
  return { kind: 'base64', mediaType: 'application/pdf', data: plainBase64(data) };
}
