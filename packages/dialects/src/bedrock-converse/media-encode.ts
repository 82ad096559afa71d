// Pictures, documents and sounds for an upstream: their bytes, with a format in its own words.

import type { AudioBlock, DocumentBlock, ImageBlock, Source } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import { bytesOf } from '../utf8.ts';
import type { DocumentNames } from './document-names.ts';
import { formatOf, type MediaKind } from './media.ts';

/** The block, or why there is none. */
export function encodeImage({ source }: ImageBlock): JsonObject | string {
  const image = encodeSource('image', source);
  return typeof image === 'string' ? image : { image };
}

/** The block, or why there is none. A name is used up only by a document that is taken. */
export function encodeDocument(
  { source, name }: DocumentBlock,
  names: DocumentNames,
): JsonObject | string {
  const document = encodeSource('document', asPlainText(source));
  if (typeof document === 'string') return document;
  return { document: { name: names.write(name), ...document } };
}

/** The block, or why there is none. */
export function encodeAudio({ source }: AudioBlock): JsonObject | string {
  const audio = encodeSource('audio', source);
  return typeof audio === 'string' ? audio : { audio };
}

function encodeSource(kind: MediaKind, source: Source): JsonObject | string {
  if (source.kind === 'url' || source.kind === 'file-id') {
    return `the bytes of this ${kind} must be in the request here`;
  }
  const format = formatOf(kind, source.mediaType);
  if (format === undefined) return `${kind} of type ${source.mediaType} is not taken`;
  const isText = source.kind === 'text';
  const bytes = isText ? Buffer.from(bytesOf(source.text)).toString('base64') : source.data;
  return { format, source: { bytes } };
}

/** A text of a type that has no format is read as plain text. */
function asPlainText(source: Source): Source {
  if (source.kind !== 'base64' && source.kind !== 'text') return source;
  const isText = source.kind === 'text' || source.mediaType.startsWith('text/');
  const isKnown = formatOf('document', source.mediaType) !== undefined;
  return isText && !isKnown ? { ...source, mediaType: 'text/plain' } : source;
}
