// A look at the bytes of a caller's request and the splice that re-aims them: the name of the model
// changes and nothing else. Usage is always in the stream here.

import type { Feature, Scan } from '../dialect.ts';
import { badField } from '../json.ts';
import { foundAt, type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';
import { bytesOf, joinBytes, textOf } from '../utf8.ts';

const watch = new JsonWatch({
  keys: ['effort'],
  types: ['image', 'document', 'text', 'json_schema', 'enabled', 'adaptive', 'disabled'],
  binary: ['url', 'data'],
});

/**
 * Depths of `messages[i].content[j]`, of a block in the answer of a tool there, and of the sources
 * of both; the body is 1.
 */
const blockDepths = [5, 7];
const sourceDepths = [6, 8];
/** Depths of `thinking` and `output_config`, and of the `format` in it. */
const fieldDepth = 2;
const formatDepth = 3;

/** Throws DialectError (invalid_request). null where a top-level key is ambiguous. */
export function scan(body: Uint8Array): Scan | null {
  const found = scanJson(body, watch);
  if (found.ambiguous) return null;
  const { members } = found;
  const model = members.get('model');
  if (model === undefined) throw badField('model', 'it is required');
  const name = jsonOf(body, model);
  if (typeof name !== 'string' || name === '') throw badField('model', 'expected a string');
  const stream = booleanOf(body, members.get('stream'), 'stream');
  return {
    model: name,
    modelRange: [model.start, model.end],
    stream,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: limitOf(body, members.get('max_tokens')),
    features: featuresOf(body, found, stream),
    inputTokens: inputTokensOf(found),
  };
}

/** Throws nothing: the scan is of these bytes. */
export function splice(body: Uint8Array, found: Scan, model: string): Uint8Array {
  if (found.modelRange === null || model === found.model) return body;
  const [start, end] = found.modelRange;
  return joinBytes([body.subarray(0, start), bytesOf(JSON.stringify(model)), body.subarray(end)]);
}

/** The value of a member that is known to be valid JSON. */
function jsonOf(body: Uint8Array, member: JsonMember): unknown {
  return JSON.parse(textOf(body, member.start, member.end));
}

function booleanOf(body: Uint8Array, member: JsonMember | undefined, key: string): boolean {
  if (member === undefined || member.kind === 'null') return false;
  if (member.kind !== 'boolean') throw badField(key, 'expected true or false');
  return jsonOf(body, member) === true;
}

function limitOf(body: Uint8Array, member: JsonMember | undefined): number | null {
  if (member === undefined || member.kind === 'null') return null;
  const value = jsonOf(body, member);
  if (!Number.isSafeInteger(value)) throw badField(member.key, 'expected an integer');
  return value as number;
}

function featuresOf(body: Uint8Array, found: JsonScan, stream: boolean): readonly Feature[] {
  const features: Feature[] = [];
  const add = (feature: Feature, present: boolean): void => {
    if (present) features.push(feature);
  };
  const says = (word: string): boolean => foundAt(found, word, fieldDepth);
  add('streaming', stream);
  add('tools', hasElements(body, found.members.get('tools')));
  add('vision', foundAt(found, 'image', ...blockDepths));
  add('documents', foundAt(found, 'document', ...blockDepths));
  add('json-schema', foundAt(found, 'json_schema', formatDepth));
  add('reasoning', says('enabled') || says('adaptive') || (says('effort') && !says('disabled')));
  return features;
}

function hasElements(body: Uint8Array, member: JsonMember | undefined): boolean {
  if (member?.kind !== 'array') return false;
  return !/^\[\s*\]$/.test(textOf(body, member.start, Math.min(member.end, member.start + 32)));
}

/**
 * Text of the messages, and the schemas of tools and answer as they stand. A document of plain text
 * stands where others have base64: with one of these everything is counted as text.
 */
function inputTokensOf(found: JsonScan): number {
  const messages = found.members.get('messages');
  const hasTextDocument = foundAt(found, 'text', ...sourceDepths);
  let textBytes = found.members.get('system')?.textBytes ?? 0;
  if (messages !== undefined) {
    textBytes += hasTextDocument ? messages.end - messages.start : messages.textBytes;
  }
  for (const key of ['tools', 'output_config']) {
    const member = found.members.get(key);
    if (member !== undefined) textBytes += member.end - member.start;
  }
  return estimateTokens(textBytes, found.binaryStrings);
}
