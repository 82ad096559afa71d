// Blocks to parts: of a user's content, of a system instruction, of the answer of a function. What
// has no part is a loss.

import type { AudioBlock, Block, DocumentBlock, ImageBlock } from '../canonical.ts';
import { leaveName } from '../document-name.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { leaveDetail } from '../picture-detail.ts';

/** A part, or null with a loss. An empty text is no part and no loss. */
export function encodePart(block: Block, path: string, losses: Losses): JsonObject | null {
  switch (block.type) {
    case 'text':
      if (block.citations !== undefined) {
        losses.add(`${path}.citations`, 'a request has no citations in this dialect');
      }
      return block.text === '' ? null : { text: block.text };
    case 'refusal':
      return block.text === '' ? null : { text: block.text };
    case 'image':
      leaveDetail(block, path, losses);
      return encodeMedia(block, path, losses);
    case 'document':
      leaveName(block, path, losses);
      return encodeMedia(block, path, losses);
    case 'audio':
      return encodeMedia(block, path, losses);
    case 'native':
      if (block.native.dialect === 'gemini') return block.native.value as JsonObject;
      losses.add(path, `only ${block.native.dialect} can carry this block`);
      return null;
    default:
      losses.add(path, `a ${block.type} block has no place here`);
      return null;
  }
}

function encodeMedia(
  block: ImageBlock | DocumentBlock | AudioBlock,
  path: string,
  losses: Losses,
): JsonObject | null {
  const { source } = block;
  switch (source.kind) {
    case 'base64':
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case 'text':
      // A document of plain text reaches the model as text.
      return source.text === '' ? null : { text: source.text };
    case 'file-id':
      losses.add(path, 'a file is named by its URI here, and this is an id of another service');
      return null;
    case 'url': {
      const mimeType = source.mediaType ?? mediaTypeOf(source.url);
      // Google reads its own files without being told the type.
      if (mimeType === undefined && !isGoogleFile(source.url)) {
        losses.add(path, 'the media type of this URL is not known, and must be said here');
        return null;
      }
      return { fileData: { ...(mimeType === undefined ? {} : { mimeType }), fileUri: source.url } };
    }
  }
}

function isGoogleFile(url: string): boolean {
  return /^https:\/\/(generativelanguage\.googleapis\.com|(www\.)?youtube\.com|youtu\.be)\//.test(
    url,
  );
}

const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
};

/** By the ending of the path, as the file's name has it. */
function mediaTypeOf(url: string): string | undefined {
  const ending = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(mediaTypes, ending) ? mediaTypes[ending] : undefined;
}
