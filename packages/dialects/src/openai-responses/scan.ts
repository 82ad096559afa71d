// A look at the bytes of a caller's request and the splice that re-aims them: the model's name
// changes, nothing else. Usage stands in every terminal event without being asked for.

import type { Feature, Scan } from '../dialect.ts';
import { badField } from '../json.ts';
import { foundAt, type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';
import { bytesOf, joinBytes, textOf } from '../utf8.ts';
import { logprobsInclude } from './request-decode.ts';

const watch = new JsonWatch({
  types: ['input_image', 'input_file', 'input_audio', 'json_schema'],
  binary: ['image_url', 'file_data', 'file_url'],
});

/** Depth of `input[i].content[j]` and `input[i].output[j]`, and of `text.format`; the body is 1. */
const partDepth = 5;
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
    maxOutputTokens: limitOf(body, members.get('max_output_tokens')),
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
function jsonOf(body: Uint8Array, member: JsonMember | undefined): unknown {
  return member === undefined ? undefined : JSON.parse(textOf(body, member.start, member.end));
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
  const { members } = found;
  const features: Feature[] = [];
  const add = (feature: Feature, present: boolean): void => {
    if (present) features.push(feature);
  };
  add('streaming', stream);
  add('tools', isFilled(body, members.get('tools')));
  add('vision', foundAt(found, 'input_image', partDepth));
  add('documents', foundAt(found, 'input_file', partDepth));
  add('audio', foundAt(found, 'input_audio', partDepth));
  add('json-schema', foundAt(found, 'json_schema', formatDepth));
  add('reasoning', reasons(body, members.get('reasoning')));
  const include = jsonOf(body, members.get('include'));
  add('logprobs', Array.isArray(include) && include.includes(logprobsInclude));
  return features;
}

function isFilled(body: Uint8Array, member: JsonMember | undefined): boolean {
  if (member?.kind !== 'array') return false;
  return !/^\[\s*\]$/.test(textOf(body, member.start, Math.min(member.end, member.start + 32)));
}

/** An effort other than none, or a summary, is asked for. */
function reasons(body: Uint8Array, member: JsonMember | undefined): boolean {
  if (member?.kind !== 'object') return false;
  const { effort, summary } = jsonOf(body, member) as { effort?: unknown; summary?: unknown };
  return typeof effort === 'string' ? effort !== 'none' : typeof summary === 'string';
}

/** Text of the input and the instructions, and the schemas of tools and answer as they stand. */
function inputTokensOf(found: JsonScan): number {
  const { members } = found;
  let textBytes = 0;
  for (const key of ['input', 'instructions']) textBytes += members.get(key)?.textBytes ?? 0;
  for (const key of ['tools', 'text']) {
    const member = members.get(key);
    if (member !== undefined) textBytes += member.end - member.start;
  }
  return estimateTokens(textBytes, found.binaryStrings);
}
