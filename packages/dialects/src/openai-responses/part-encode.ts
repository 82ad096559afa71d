// Blocks to the parts of a message or of a tool's answer. What has no part is a loss.

import type { Block, DocumentBlock, ImageBlock, Native } from '../canonical.ts';
import { leaveName } from '../document-name.ts';
import { type JsonObject, stringAt } from '../json.ts';
import type { Losses } from '../losses.ts';
import { ownBlock } from './native.ts';

/** One text as a string, which every host takes; anything else as parts. */
export function encodeContent(
  blocks: readonly Block[],
  pathOf: (place: number) => string,
  losses: Losses,
): string | readonly JsonObject[] {
  return plainest(
    blocks.flatMap((block, place) => {
      const part = encodePart(block, pathOf(place), losses);
      return part === null ? [] : [part];
    }),
  );
}

/** The parts, or the string that says the same. */
function plainest(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  if (parts.length === 0) return '';
  const isText = parts.length === 1 && parts[0]!.type === 'input_text';
  return isText ? stringAt(parts[0], 'text')! : parts;
}

function encodePart(block: Block, path: string, losses: Losses): JsonObject | null {
  switch (block.type) {
    case 'text':
      if (block.citations !== undefined) {
        losses.add(`${path}.citations`, 'only what the model says has citations here');
      }
      return { type: 'input_text', text: block.text };
    case 'refusal':
      return { type: 'input_text', text: block.text };
    case 'image':
      return encodeImage(block, path, losses);
    case 'document':
      return encodeDocument(block, path, losses);
    case 'audio':
      losses.add(path, 'there is no sound in this dialect');
      return null;
    case 'native':
      return encodeNative(block.native, path, losses);
    default:
      losses.add(path, `a ${block.type} block has no place here`);
      return null;
  }
}

function encodeNative(given: Native, path: string, losses: Losses): JsonObject | null {
  const part = ownBlock(given, 'part');
  if (part !== undefined) return part;
  losses.add(path, `only ${given.dialect} can carry this block`);
  return null;
}

function encodeImage(block: ImageBlock, path: string, losses: Losses): JsonObject | null {
  const { source } = block;
  const detail = block.detail ?? 'auto';
  switch (source.kind) {
    case 'file-id':
      return { type: 'input_image', file_id: source.fileId, detail };
    case 'url':
      return { type: 'input_image', image_url: source.url, detail };
    case 'base64':
      return { type: 'input_image', image_url: dataUrl(source.mediaType, source.data), detail };
    case 'text':
      losses.add(path, 'an image is sent as base64, a URL or a file id here');
      return null;
  }
}

/** A document of plain text reaches the model as text. */
function encodeDocument(block: DocumentBlock, path: string, losses: Losses): JsonObject {
  const { source, name } = block;
  if (source.kind !== 'base64') leaveName(block, path, losses);
  switch (source.kind) {
    case 'text':
      return { type: 'input_text', text: source.text };
    case 'file-id':
      return { type: 'input_file', file_id: source.fileId };
    case 'url':
      return { type: 'input_file', file_url: source.url };
    case 'base64': {
      const file_data = dataUrl(source.mediaType, source.data);
      return { type: 'input_file', filename: name ?? 'document', file_data };
    }
  }
}

function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}
