// Parts of a caller's message content to blocks. A part that no other dialect knows is kept whole.

import type {
  AudioBlock,
  Block,
  CacheMark,
  DocumentBlock,
  ImageBlock,
  Source,
} from '../canonical.ts';
import { parseDataUrl, plainBase64 } from '../data-url.ts';
import { ObjectReader } from '../json.ts';

/** `content` as a string or as parts; an empty text is no block at all. */
export function decodeContent(message: ObjectReader, types: readonly string[]): Block[] {
  const content = message.value('content');
  if (content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw message.bad('content', 'expected a string or an array');
  return message.objects('content')!.flatMap(part => decodePart(part, types));
}

function decodePart(part: ObjectReader, types: readonly string[]): Block[] {
  const type = part.requiredString('type');
  if (!types.includes(type) && !types.includes('*')) {
    throw part.bad('type', `expected one of ${types.join(', ')} here`);
  }
  switch (type) {
    case 'text': {
      const text = part.requiredString('text');
      return text === '' ? [] : [{ type: 'text', text, ...cacheOf(part) }];
    }
    case 'refusal':
      return [{ type: 'refusal', text: part.requiredString('refusal') }];
    case 'image_url':
      return [decodeImage(part)];
    case 'input_audio':
      return [decodeAudio(part)];
    case 'file':
      return [decodeFile(part)];
    default:
      return [{ type: 'native', native: { dialect: 'openai-chat', value: part.object } }];
  }
}

/**
 * A mark as OpenRouter and LiteLLM take it, or openai's own breakpoint, whose time is the
 * request's: the shortest that the canonical form knows.
 */
export function cacheOf(object: ObjectReader): { cache?: CacheMark } {
  const mark = object.child('cache_control');
  if (mark === undefined) {
    return object.child('prompt_cache_breakpoint') === undefined ? {} : { cache: { ttl: '5m' } };
  }
  return { cache: { ttl: mark.oneOf('ttl', ['5m', '1h']) ?? '5m' } };
}

function decodeImage(part: ObjectReader): ImageBlock {
  // Some clients write the URL itself where an object is meant.
  const value = part.value('image_url');
  const image =
    typeof value === 'string'
      ? new ObjectReader({ url: value }, part.pathOf('image_url'))
      : part.requiredObject('image_url');
  const url = image.requiredString('url');
  const detail = image.string('detail');
  return {
    type: 'image',
    source: sourceOf(image, url),
    ...(detail === undefined ? {} : { detail }),
    ...cacheOf(part),
  };
}

function sourceOf(image: ObjectReader, url: string): Source {
  const inline = parseDataUrl(url);
  if (inline !== null) return { kind: 'base64', ...inline };
  if (/^data:/i.test(url)) throw image.bad('url', 'a data URL must be base64');
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) throw image.bad('url', 'expected a URL or a data URL');
  return { kind: 'url', url };
}

function decodeAudio(part: ObjectReader): AudioBlock {
  const audio = part.requiredObject('input_audio');
  const format = audio.oneOf('format', ['wav', 'mp3']);
  if (format === undefined) throw audio.bad('format', 'it is required');
  const mediaType = format === 'wav' ? 'audio/wav' : 'audio/mpeg';
  const data = plainBase64(audio.requiredString('data'));
  return { type: 'audio', source: { kind: 'base64', mediaType, data } };
}

function decodeFile(part: ObjectReader): DocumentBlock {
  const file = part.requiredObject('file');
  const name = file.string('filename');
  const named = { ...(name === undefined ? {} : { name }), ...cacheOf(part) };
  const fileId = file.string('file_id');
  if (fileId !== undefined) {
    return { type: 'document', source: { kind: 'file-id', fileId }, ...named };
  }
  const data = file.requiredString('file_data');
  const inline = parseDataUrl(data);
  if (inline !== null) return { type: 'document', source: { kind: 'base64', ...inline }, ...named };
  if (/^data:/i.test(data)) throw file.bad('file_data', 'a data URL must be base64');
  // The API takes bare base64 for PDF.
  const source = { kind: 'base64', mediaType: 'application/pdf', data: plainBase64(data) } as const;
  return { type: 'document', source, ...named };
}
