// A look at the bytes of a caller's request. Model and stream stand in the path, so that a body
// that passes through stays as it is.

import type { Feature, PathFields, Scan } from '../dialect.ts';
import { isObject } from '../json.ts';
import { foundAt, type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import type { Pieces } from '../pieces.ts';
import { estimateTokens } from '../token-estimate.ts';
import { textOf } from '../utf8.ts';
import { decodeGeneration, type GenerationFields } from './generation-decode.ts';
import { camelCased, ProtoReader } from './proto-reader.ts';
import { pathOf } from './request-decode.ts';

const mediaKeys = ['inlineData', 'inline_data', 'fileData', 'file_data'];
const watch = new JsonWatch({ keys: mediaKeys, binary: ['data', 'fileUri', 'file_uri'] });

/** Of a part, from single messages without lists to media in the answer of a function. */
const partDepths = [3, 4, 5, 6, 7, 8];

/** Throws DialectError (invalid_request). null where a top-level key may be read in two ways. */
export function scan(body: Uint8Array, path?: PathFields): Scan | null {
  const { model, stream } = pathOf(path);
  const found = scanJson(body, watch);
  const members = camelMembers(found);
  if (found.ambiguous || members === null) return null;
  const fields = generationOf(body, members.get('generationConfig'));
  return {
    model,
    modelRange: null,
    stream,
    includeUsage: stream,
    streamOptionsRange: null,
    maxOutputTokens: fields.maxOutputTokens ?? null,
    features: featuresOf(body, found, members, fields, stream),
    inputTokens: inputTokensOf(found, members),
  };
}

/** The body itself. */
export function splice(body: Uint8Array): Pieces {
  return [body];
}

type Members = ReadonlyMap<string, JsonMember>;

/** null where a key stands in both spellings. */
function camelMembers(found: JsonScan): Members | null {
  const members = new Map<string, JsonMember>();
  for (const [key, member] of found.members) {
    const camel = Object.keys(camelCased({ [key]: 0 }, '') as object)[0]!;
    if (members.has(camel)) return null;
    members.set(camel, member);
  }
  return members;
}

function generationOf(body: Uint8Array, member: JsonMember | undefined): GenerationFields {
  if (member === undefined) return {};
  const value = JSON.parse(textOf(body, member.start, member.end)) as unknown;
  return decodeGeneration(new ProtoReader({ generationConfig: value }, '')).fields;
}

function featuresOf(
  body: Uint8Array,
  found: JsonScan,
  members: Members,
  fields: GenerationFields,
  stream: boolean,
): readonly Feature[] {
  const { reasoning, responseFormat } = fields;
  const hasMedia = mediaKeys.some(key => foundAt(found, key, ...partDepths));
  const families = hasMedia ? mediaFamilies(body) : new Set<string>();
  const features: Feature[] = [];
  const add = (feature: Feature, present: boolean): void => {
    if (present) features.push(feature);
  };
  add('streaming', stream);
  add('tools', hasContent(body, members.get('tools')));
  add('vision', families.has('image') || families.has('video'));
  add('documents', families.has('application') || families.has('text'));
  add('audio', families.has('audio'));
  add('json-schema', responseFormat?.type === 'json_schema');
  add('reasoning', reasoning !== undefined && reasoning.mode !== 'disabled');
  add('prompt-caching', members.get('cachedContent')?.kind === 'string');
  add('candidates', (fields.candidates ?? 1) > 1);
  add('logprobs', fields.logprobs !== undefined);
  return features;
}

/** The families of media types (`image`, ...) that stand under a key for them. */
function mediaFamilies(body: Uint8Array): ReadonlySet<string> {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const families = new Set<string>();
  for (const key of ['"mimeType"', '"mime_type"']) {
    for (let at = buffer.indexOf(key); at !== -1; at = buffer.indexOf(key, at + 1)) {
      // Within a string the quotes of the key would be escaped: this is a key.
      const value = buffer.toString('latin1', at + key.length, at + key.length + 64);
      const family = /^\s*:\s*"([a-z]+)\//i.exec(value)?.[1];
      if (family !== undefined) families.add(family.toLowerCase());
    }
  }
  return families;
}

function hasContent(body: Uint8Array, member: JsonMember | undefined): boolean {
  if (member?.kind !== 'array' && member?.kind !== 'object') return false;
  const value = JSON.parse(textOf(body, member.start, member.end)) as unknown;
  const tools = Array.isArray(value) ? value : [value];
  return tools.some(tool => isObject(tool) && Object.keys(tool).length > 0);
}

/** Text of the contents, and the schemas of tools as they stand. */
function inputTokensOf(found: JsonScan, members: Members): number {
  let textBytes = 0;
  for (const key of ['contents', 'systemInstruction', 'generationConfig']) {
    textBytes += members.get(key)?.textBytes ?? 0;
  }
  const tools = members.get('tools');
  if (tools !== undefined) textBytes += tools.end - tools.start;
  return estimateTokens(textBytes, found.binaryStrings);
}
