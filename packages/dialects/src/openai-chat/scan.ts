// A look at the bytes of a caller's request and the splice that re-aims them: the model's name and
// the wish for usage change, nothing else.

import type { Feature, Scan } from '../dialect.ts';
import { booleanOf, hasElements, integerOf, jsonOf, modelOf } from '../json-member.ts';
import { foundAt, type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';
import { bytesOf, joinBytes } from '../utf8.ts';

const watch = new JsonWatch({
  keys: ['image_url', 'input_audio', 'file'],
  types: ['json_schema'],
  binary: ['url', 'data', 'file_data'],
});

/** Depth of `messages[i].content[j]`, and of `response_format`; the body is 1. */
const partDepth = 5;
const formatDepth = 2;

/**
 * Throws DialectError (invalid_request). null where the body must be decoded: a top-level key is
 * ambiguous, or `stream_options` is not an object with a plain `include_usage`.
 */
export function scan(body: Uint8Array): Scan | null {
  const found = scanJson(body, watch);
  if (found.ambiguous) return null;
  const { members } = found;
  const stream = booleanOf(body, found, 'stream');
  const options = members.get('stream_options');
  const usageWish = options === undefined ? 'absent' : usageWishOf(body, options);
  if (usageWish === 'odd') return null;
  const streamOptionsRange = options === undefined ? null : ([options.start, options.end] as const);
  return {
    ...modelOf(body, found),
    stream,
    includeUsage: stream && usageWish === 'true',
    streamOptionsRange,
    maxOutputTokens:
      integerOf(body, found, 'max_completion_tokens') ?? integerOf(body, found, 'max_tokens'),
    features: featuresOf(body, found, stream),
    inputTokens: inputTokensOf(found),
    fields: members,
  };
}

/** Throws nothing: the scan is of these bytes. */
export function splice(body: Uint8Array, found: Scan, model: string): Uint8Array {
  const edits: Edit[] = [];
  if (found.modelRange !== null && model !== found.model) {
    const [start, end] = found.modelRange;
    edits.push({ start, end, bytes: bytesOf(JSON.stringify(model)) });
  }
  if (found.stream && !found.includeUsage) edits.push(usageEdit(body, found));
  if (edits.length === 0) return body;
  edits.sort((one, other) => one.start - other.start || one.end - other.end);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(body.subarray(at, edit.start), edit.bytes);
    at = edit.end;
  }
  parts.push(body.subarray(at));
  return joinBytes(parts);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Sets `include_usage` in the options, adds it to them, or adds the options behind the model. */
function usageEdit(body: Uint8Array, found: Scan): Edit {
  if (found.streamOptionsRange === null) {
    const at = found.modelRange![1];
    return { start: at, end: at, bytes: bytesOf(',"stream_options":{"include_usage":true}') };
  }
  const [start, end] = found.streamOptionsRange;
  const { members } = scanJson(body.subarray(start, end));
  const present = members.get('include_usage');
  if (present !== undefined) {
    return { start: start + present.start, end: start + present.end, bytes: bytesOf('true') };
  }
  const text = members.size === 0 ? '"include_usage":true' : '"include_usage":true,';
  return { start: start + 1, end: start + 1, bytes: bytesOf(text) };
}

function usageWishOf(body: Uint8Array, options: JsonMember): 'true' | 'false' | 'absent' | 'odd' {
  if (options.kind !== 'object') return 'odd';
  const inner = body.subarray(options.start, options.end);
  const { members, ambiguous } = scanJson(inner);
  const wish = members.get('include_usage');
  if (ambiguous || (wish !== undefined && wish.kind !== 'boolean')) return 'odd';
  if (wish === undefined) return 'absent';
  return jsonOf(inner, wish) === true ? 'true' : 'false';
}

function featuresOf(body: Uint8Array, found: JsonScan, stream: boolean): readonly Feature[] {
  const { members } = found;
  const features: Feature[] = [];
  const add = (feature: Feature, present: boolean): void => {
    if (present) features.push(feature);
  };
  add('streaming', stream);
  add('tools', hasElements(body, members.get('tools')) || members.has('functions'));
  add('vision', foundAt(found, 'image_url', partDepth));
  add('documents', foundAt(found, 'file', partDepth));
  add('audio', foundAt(found, 'input_audio', partDepth));
  add('json-schema', foundAt(found, 'json_schema', formatDepth));
  const effort = members.get('reasoning_effort');
  add('reasoning', effort?.kind === 'string' && jsonOf(body, effort) !== 'none');
  const choices = members.get('n');
  add('candidates', choices?.kind === 'number' && Number(jsonOf(body, choices)) > 1);
  const logprobs = members.get('logprobs');
  add('logprobs', logprobs?.kind === 'boolean' && jsonOf(body, logprobs) === true);
  return features;
}

/** Text of the messages, and the schemas of tools and answer as they stand. */
function inputTokensOf(found: JsonScan): number {
  let textBytes = found.members.get('messages')?.textBytes ?? 0;
  for (const key of ['tools', 'functions', 'response_format']) {
    const member = found.members.get(key);
    if (member !== undefined) textBytes += member.end - member.start;
  }
  return estimateTokens(textBytes, found.binaryStrings);
}
