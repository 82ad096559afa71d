// A look at the bytes of a caller's request and the splice that re-aims them: the model's name
// changes, nothing else. Usage stands in every terminal event without being asked for.

import type { Feature, Scan } from '../dialect.ts';
import { booleanOf, hasElements, integerOf, jsonOf, modelOf } from '../json-member.ts';
import { foundAt, type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';
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
  const stream = booleanOf(body, found, 'stream');
  return {
    ...modelOf(body, found),
    stream,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: integerOf(body, found, 'max_output_tokens'),
    features: featuresOf(body, found, stream),
    inputTokens: inputTokensOf(found),
    fields: found.members,
  };
}

function featuresOf(body: Uint8Array, found: JsonScan, stream: boolean): readonly Feature[] {
  const { members } = found;
  const features: Feature[] = [];
  const add = (feature: Feature, present: boolean): void => {
    if (present) features.push(feature);
  };
  add('streaming', stream);
  add('tools', hasElements(body, members.get('tools')));
  add('vision', foundAt(found, 'input_image', partDepth));
  add('documents', foundAt(found, 'input_file', partDepth));
  add('audio', foundAt(found, 'input_audio', partDepth));
  add('json-schema', foundAt(found, 'json_schema', formatDepth));
  add('reasoning', reasons(body, members.get('reasoning')));
  const member = members.get('include');
  const include = member === undefined ? undefined : jsonOf(body, member);
  add('logprobs', Array.isArray(include) && include.includes(logprobsInclude));
  return features;
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
