// A look at the bytes of a caller's request and the splice that re-aims them: the name of the model
// changes and nothing else. Usage is always in the stream here.

import type { Feature, Scan } from '../dialect.ts';
import { booleanOf, hasElements, integerOf, modelOf } from '../json-member.ts';
import { foundAt, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';

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
  const stream = booleanOf(body, found, 'stream');
  return {
    ...modelOf(body, found),
    stream,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: integerOf(body, found, 'max_tokens'),
    features: featuresOf(body, found, stream),
    inputTokens: inputTokensOf(found),
  };
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
