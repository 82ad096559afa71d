// Blocks to the parts of a user's or system's message. What has no part is a loss.

import type { AudioBlock, Block, DocumentBlock, ImageBlock } from '../canonical.ts';
import { leaveName } from '../document-name.ts';
import { type JsonObject, stringAt } from '../json.ts';
import type { Losses } from '../losses.ts';

const audioFormats: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

/**
 * One text as a string, which every host takes; anything else as parts. Answers of tools are left
 * out: they are messages of their own.
 */
export function encodeContent(
  blocks: readonly Block[],
  path: string,
  losses: Losses,
): string | readonly JsonObject[] {
  const parts = blocks.flatMap((block, index) => {
    if (block.type === 'tool_result') return [];
    const part = encodePart(block, `${path}[${index}]`, losses);
    return part === null ? [] : [part];
  });
  return plainest(parts);
}

/** The parts, or the string that says the same. */
export function plainest(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  if (parts.length === 0) return '';
  const text = parts.length === 1 ? stringAt(parts[0], 'text') : undefined;
  return text ?? parts;
}

function encodePart(block: Block, path: string, losses: Losses): JsonObject | null {
  switch (block.type) {
    case 'text':
      return encodeText(block.text, block.citations?.dialect, path, losses);
    case 'refusal':
      return { type: 'text', text: block.text };
    case 'image':
      return encodeImage(block, path, losses);
    case 'document':
      return encodeDocument(block, path, losses);
    case 'audio':
      return encodeAudio(block, path, losses);
    case 'native':
      if (block.native.dialect === 'openai-chat') return block.native.value as JsonObject;
      losses.add(path, `only ${block.native.dialect} can carry this block`);
      return null;
    default:
      losses.add(path, `a ${block.type} block has no place here`);
      return null;
  }
}

function encodeText(
  text: string,
  citedBy: string | undefined,
  path: string,
  losses: Losses,
): JsonObject {
  if (citedBy !== undefined && citedBy !== 'openai-chat') {
    losses.add(`${path}.citations`, 'there are no citations in this dialect');
  }
  return { type: 'text', text };
}

function encodeImage(block: ImageBlock, path: string, losses: Losses): JsonObject | null {
  const { source, detail } = block;
  if (source.kind !== 'base64' && source.kind !== 'url') {
    losses.add(path, 'an image is sent as base64 or as a URL here');
    return null;
  }
  const url = source.kind === 'url' ? source.url : dataUrl(source.mediaType, source.data);
  return { type: 'image_url', image_url: { url, ...(detail === undefined ? {} : { detail }) } };
}

/** A document of plain text reaches the model as text. */
function encodeDocument(block: DocumentBlock, path: string, losses: Losses): JsonObject | null {
  const { source, name } = block;
  if (source.kind === 'text' || source.kind === 'file-id') leaveName(block, path, losses);
  switch (source.kind) {
    case 'text':
      return { type: 'text', text: source.text };
    case 'file-id':
      return { type: 'file', file: { file_id: source.fileId } };
    case 'base64': {
      const file_data = dataUrl(source.mediaType, source.data);
      return { type: 'file', file: { filename: name ?? 'document', file_data } };
    }
    case 'url':
      losses.add(path, 'a document is sent as base64 or as a file id here');
      return null;
  }
}

function encodeAudio(block: AudioBlock, path: string, losses: Losses): JsonObject | null {
  const { source } = block;
  const format = source.kind === 'base64' ? audioFormats[source.mediaType] : undefined;
  if (source.kind !== 'base64' || format === undefined) {
    losses.add(path, 'sound is sent as base64 of wav or mp3 here');
    return null;
  }
  return { type: 'input_audio', input_audio: { data: source.data, format } };
}

function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}
