// Pictures and documents for an upstream: what the API takes of them, and as what.

import type { DocumentBlock, ImageBlock, Source } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import { textOf } from '../utf8.ts';

const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** The block, or why there is none. */
export function encodeImage({ type, source }: ImageBlock): JsonObject | string {
  if (source.kind === 'text') return 'an image is no text';
  if (source.kind === 'base64' && !imageTypes.has(source.mediaType)) {
    return `images of type ${source.mediaType} are not taken`;
  }
  return { type, source: encodeSource(source) };
}

/** The block, or why there is none. */
export function encodeDocument({ type, source, name }: DocumentBlock): JsonObject | string {
  const plain = plainText(source);
  if (plain.kind === 'base64' && plain.mediaType !== 'application/pdf') {
    return `documents of type ${plain.mediaType} are not taken`;
  }
  return { type, source: encodeSource(plain), ...(name === undefined ? {} : { title: name }) };
}

/** Any kind of plain text (Markdown, CSV) is sent as text. */
function plainText(source: Source): Source {
  if (source.kind !== 'base64' || !source.mediaType.startsWith('text/')) return source;
  const text = textOf(Buffer.from(source.data, 'base64'));
  return { kind: 'text', mediaType: source.mediaType, text };
}

function encodeSource(source: Source): JsonObject {
  switch (source.kind) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text };
    case 'file-id':
      return { type: 'file', file_id: source.fileId };
  }
}
