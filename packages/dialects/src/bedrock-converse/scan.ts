// A look at the bytes of a caller's request. The model and the wish for a stream stand in the path,
// so that nothing in the body changes for another model.

import type { Feature, PathFields, Scan } from '../dialect.ts';
import { badField, isObject, type JsonObject, objectAt } from '../json.ts';
import { foundAt, type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { pathOf } from '../path-fields.ts';
import { estimateTokens } from '../token-estimate.ts';
import { textOf } from '../utf8.ts';

const watch = new JsonWatch({
  keys: ['image', 'document', 'audio', 'toolSpec', 'systemTool', 'textFormat'],
  binary: ['bytes', 'uri', 'redactedContent'],
});

/** Depth of `messages[i].content[j]`, and of the blocks of an answer of a tool; the body is 1. */
const blockDepth = 5;
const resultDepth = 8;
/** Depth of `toolConfig.tools[i]`, and of `outputConfig`. */
const toolDepth = 4;
const outputDepth = 2;

/** Throws DialectError (invalid_request). null where a top-level key is ambiguous. */
export function scan(body: Uint8Array, path?: PathFields): Scan | null {
  const { model, stream } = pathOf(path);
  const found = scanJson(body, watch);
  if (found.ambiguous) return null;
  const config = objectOf(body, found.members.get('inferenceConfig'));
  return {
    model,
    modelRange: null,
    stream,
    // Usage always comes.
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: limitOf(config),
    features: featuresOf(body, found, stream),
    inputTokens: inputTokensOf(found),
  };
}

function objectOf(body: Uint8Array, member: JsonMember | undefined): JsonObject | undefined {
  if (member?.kind !== 'object') return undefined;
  const value: unknown = JSON.parse(textOf(body, member.start, member.end));
  return isObject(value) ? value : undefined;
}

function limitOf(config: JsonObject | undefined): number | null {
  const limit = config?.maxTokens ?? null;
  if (limit === null) return null;
  if (!Number.isSafeInteger(limit)) {
    throw badField('inferenceConfig.maxTokens', 'expected an integer');
  }
  return limit as number;
}

function featuresOf(body: Uint8Array, found: JsonScan, stream: boolean): readonly Feature[] {
  const features: Feature[] = [];
  const add = (feature: Feature, present: boolean): void => {
    if (present) features.push(feature);
  };
  const hasBlock = (key: string): boolean => foundAt(found, key, blockDepth, resultDepth);
  add('streaming', stream);
  add('tools', foundAt(found, 'toolSpec', toolDepth) || foundAt(found, 'systemTool', toolDepth));
  add('vision', hasBlock('image'));
  add('documents', hasBlock('document'));
  add('audio', foundAt(found, 'audio', blockDepth));
  add('json-schema', foundAt(found, 'textFormat', outputDepth));
  add('reasoning', asksForReasoning(body, found));
  return features;
}

function asksForReasoning(body: Uint8Array, found: JsonScan): boolean {
  const more = objectOf(body, found.members.get('additionalModelRequestFields'));
  const output = objectOf(body, found.members.get('outputConfig'));
  const thinking = objectAt(more, 'thinking') ?? objectAt(more, 'reasoningConfig');
  if (thinking !== undefined) return thinking.type !== 'disabled';
  const effort =
    more?.reasoning_effort ?? objectAt(more, 'output_config')?.effort ?? output?.effort ?? null;
  return effort !== null && effort !== 'none';
}

/** Text of the conversation, and the schemas of tools and answer as they stand. */
function inputTokensOf(found: JsonScan): number {
  const { members } = found;
  let textBytes = 0;
  for (const key of ['messages', 'system']) textBytes += members.get(key)?.textBytes ?? 0;
  for (const key of ['toolConfig', 'outputConfig']) {
    const member = members.get(key);
    if (member !== undefined) textBytes += member.end - member.start;
  }
  return estimateTokens(textBytes, found.binaryStrings);
}
