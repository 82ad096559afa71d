// Blocks of a conversation, by where they may stand.

import type {
  Block,
  CacheMark,
  Native,
  Source,
  ToolResultBlock,
} from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { jsonObject } from './schema.ts';
import { anyText, base64, callId, toolName, wholeText } from './text.ts';

export const cacheMark: fc.Arbitrary<CacheMark> = fc.constantFrom({ ttl: '5m' }, { ttl: '1h' });

const url = fc.constantFrom('https://example.com/a.png', 'https://example.com/a', 'gs://b/a.pdf');
const fileId: fc.Arbitrary<Source> = fc.constant({ kind: 'file-id', fileId: 'file_1' });

function bytes(...mediaTypes: readonly string[]): fc.Arbitrary<Source> {
  const mediaType = fc.constantFrom(...mediaTypes);
  return fc.record({ kind: fc.constant('base64' as const), mediaType, data: base64 });
}
const byUrl: fc.Arbitrary<Source> = url.map(given => ({ kind: 'url', url: given }));
const typedUrl: fc.Arbitrary<Source> = url.map(given => ({
  kind: 'url',
  url: given,
  mediaType: 'image/png',
}));

/** With some of the fields that may be absent. */
function block<Type extends Block>(
  fields: { [Key in keyof Type]-?: fc.Arbitrary<Exclude<Type[Key], undefined>> },
  required: readonly (keyof Type)[],
): fc.Arbitrary<Type> {
  return fc.record(fields as never, { requiredKeys: required as never }) as fc.Arbitrary<Type>;
}

type Plain<Kind extends Block['type']> = Omit<
  Extract<Block, { type: Kind }>,
  'item' | 'signature' | 'issuer' | 'citations'
>;

export const textBlock: fc.Arbitrary<Block> = block<Plain<'text'> & Block>(
  { type: fc.constant('text'), text: anyText, cache: cacheMark } as never,
  ['type', 'text'],
);
export const imageBlock: fc.Arbitrary<Block> = block<Extract<Block, { type: 'image' }>>(
  {
    type: fc.constant('image'),
    source: fc.oneof(bytes('image/png', 'image/jpeg', 'image/heic'), byUrl, typedUrl, fileId),
    detail: fc.constantFrom('low', 'high', 'auto'),
    cache: cacheMark,
  },
  ['type', 'source'],
);
const textSource: fc.Arbitrary<Source> = fc.record({
  kind: fc.constant('text' as const),
  mediaType: fc.constantFrom('text/plain', 'text/markdown'),
  text: wholeText,
});
export const documentBlock: fc.Arbitrary<Block> = block<Extract<Block, { type: 'document' }>>(
  {
    type: fc.constant('document'),
    source: fc.oneof(
      bytes('application/pdf', 'text/csv', 'application/msword', 'application/zip'),
      byUrl,
      fileId,
      textSource,
    ),
    name: fc.oneof(fc.constantFrom('paper', 'a  b.pdf', ''), wholeText),
    cache: cacheMark,
  },
  ['type', 'source'],
);
export const audioBlock: fc.Arbitrary<Block> = bytes(
  'audio/wav',
  'audio/mpeg',
  'audio/flac',
  'audio/midi',
).map(source => ({ type: 'audio', source }));

/** Of a dialect's own, in a shape that this dialect reads. */
export const userNative: fc.Arbitrary<Block> = fc
  .constantFrom<Native>(
    { dialect: 'openai-chat', value: { type: 'video_url', video_url: { url: 'x' } } },
    { dialect: 'openai-responses', value: { part: { type: 'input_video', video: 'x' } } },
    { dialect: 'anthropic-messages', value: { type: 'container_upload', file_id: 'f' } },
    { dialect: 'bedrock-converse', value: { video: { format: 'mp4', source: { bytes: 'AA==' } } } },
    { dialect: 'gemini', value: { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } } },
  )
  .map(native => ({ type: 'native', native }));
export const answerNative: fc.Arbitrary<Block> = fc
  .constantFrom<Native>(
    { dialect: 'openai-chat', value: { audio: { id: 'audio_1' } } },
    { dialect: 'openai-responses', value: { item: { type: 'web_search_call', id: 'ws_1' } } },
    { dialect: 'anthropic-messages', value: { type: 'server_tool_use', id: 's', name: 'w' } },
    { dialect: 'bedrock-converse', value: { guardContent: { text: { text: 'x' } } } },
    { dialect: 'gemini', value: { executableCode: { language: 'PYTHON', code: '1' } } },
  )
  .map(native => ({ type: 'native', native }));

const issuer = fc.constantFrom('anthropic', 'openai', 'google', 'amazon', 'qwen');
/** One that openai made is JSON with the id of an item. */
const signed = issuer.chain(made =>
  fc.record({
    issuer: fc.constant(made),
    signature: made === 'openai' ? fc.constant('{"id":"rs_1"}') : base64,
  }),
);
export const thinkingBlock: fc.Arbitrary<Block> = fc
  .tuple(anyText, fc.option(signed, { nil: {} }))
  .map(([text, by]) => ({ type: 'thinking', text, ...by }));
export const redactedBlock: fc.Arbitrary<Block> = fc
  .tuple(base64, issuer)
  .map(([data, by]) => ({ type: 'redacted_thinking', data, issuer: by }));
export const refusalBlock: fc.Arbitrary<Block> = anyText.map(text => ({ type: 'refusal', text }));

const citations = fc.constantFrom<Native>(
  { dialect: 'openai-chat', value: [{ type: 'url_citation', url_citation: { url: 'u' } }] },
  { dialect: 'openai-responses', value: [{ type: 'url_citation', url: 'u' }] },
  { dialect: 'anthropic-messages', value: [{ type: 'char_location', cited_text: 'c' }] },
  { dialect: 'bedrock-converse', value: [{ title: 't' }] },
  { dialect: 'gemini', value: { groundingMetadata: { webSearchQueries: ['q'] } } },
);
export const citedBlock: fc.Arbitrary<Block> = fc
  .tuple(anyText, citations)
  .map(([text, cited]) => ({ type: 'text', text, citations: cited }));
/** A text on which Google hung the state of its reasoning. */
export const signedText: fc.Arbitrary<Block> = fc
  .tuple(anyText, base64)
  .map(([text, signature]) => ({ type: 'text', text, signature, issuer: 'google' }));

/** Arguments of a call: none, an object, or what a model broke off. */
const argumentsJson = fc.oneof(
  { weight: 8, arbitrary: jsonObject.map(value => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constantFrom('', '{}', '{ "a" : 1.0 }') },
  { weight: 1, arbitrary: fc.constantFrom('{"a":', '[1]', 'null') },
);
export const callBlock: fc.Arbitrary<Extract<Block, { type: 'tool_call' }>> = fc
  .tuple(
    fc.record({ id: callId, name: toolName, argumentsJson }),
    fc.option(base64, { nil: undefined, freq: 4 }),
    fc.option(cacheMark, { nil: undefined, freq: 8 }),
  )
  .map(([call, signature, cache]) => ({
    type: 'tool_call',
    ...call,
    ...(signature === undefined ? {} : { signature, issuer: 'google' }),
    ...(cache === undefined ? {} : { cache }),
  }));

const unmarked = fc.oneof(imageBlock, documentBlock).map((given): Block => {
  const { cache: _, ...rest } = given as Extract<Block, { type: 'image' }>;
  return rest;
});

/** What a tool gave back; whose call it answers is not known here. */
export const result: fc.Arbitrary<Omit<ToolResultBlock, 'callId'>> = fc
  .record(
    {
      type: fc.constant('tool_result' as const),
      content: fc.array(fc.oneof(textBlock, unmarked), { maxLength: 3 }),
      isError: fc.boolean(),
      cache: cacheMark,
    },
    { requiredKeys: ['type', 'content', 'isError'] },
  )
  .map(given => given as Omit<ToolResultBlock, 'callId'>);
