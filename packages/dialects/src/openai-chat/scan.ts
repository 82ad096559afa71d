// A look at the bytes of a caller's request: what routing needs of it, without building it.

import type { Feature, Scan } from '../dialect.ts';
import { booleanOf, hasElements, integerOf, jsonOf, modelOf } from '../json-member.ts';
import { foundAt, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';
import { usageWishOf } from '../usage-wish.ts';
import { othersThinking } from './host.ts';

const watch = new JsonWatch({
  keys: ['image_url', 'input_audio', 'file', ...othersThinking],
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
  const wish = usageWishOf(body, members.get('stream_options'));
  if (wish === null) return null;
  return {
    ...modelOf(body, found),
    stream,
    includeUsage: stream && wish.includeUsage,
    streamOptionsRange: wish.range,
    maxOutputTokens:
      integerOf(body, found, 'max_completion_tokens') ?? integerOf(body, found, 'max_tokens'),
    features: featuresOf(body, found, stream),
    inputTokens: inputTokensOf(found),
    fields: members,
    words: found.found,
  };
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
