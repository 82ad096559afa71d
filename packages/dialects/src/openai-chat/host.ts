// What changes where the upstream is not openai but a host that imitates its API: fields that it
// lacks or names otherwise, and bodies that it would take for something else than they say.

import type { HostHabits, Scan, TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';
import { placeOf, textOf } from '../utf8.ts';
import { canonicalPath } from './field-names.ts';
import { isOpenaiReasoning } from './reasoning-encode.ts';

/** Fields that every host means the same by at these values: leaving them out changes nothing. */
const idle: Readonly<Record<string, unknown>> = {
  n: 1,
  logprobs: false,
  frequency_penalty: 0,
  presence_penalty: 0,
  parallel_tool_calls: true,
  tool_choice: 'auto',
  store: false,
  service_tier: 'auto',
};

/** Fields about who asks and what may be reused: an answer is the same without. */
const hints: ReadonlySet<string> = new Set([
  'user',
  'safety_identifier',
  'metadata',
  'prompt_cache_key',
]);

/** Written only when a stream is wanted, and on our own account. */
const ours = 'stream_options';

/** The body as this host takes it. */
export function forHost(
  body: JsonObject,
  host: HostHabits | undefined,
  losses: Losses,
): JsonObject {
  if (host === undefined) return body;
  const { lacks = [], renames = {} } = host;
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (!lacks.includes(key)) fields[renames[key] ?? key] = value;
    else if (hints.has(key)) losses.addMinor(canonicalPath(key), 'the host has no such field');
    else if (key !== ours && value !== idle[key]) {
      losses.add(canonicalPath(key), 'the host has no such field');
    }
  }
  return fields;
}

/** A host that has not `developer` may fail in its template, or leave the message out. */
function saysDeveloper(body: Uint8Array): boolean {
  const word = '"developer"';
  for (let at = placeOf(word, body); at !== -1; at = placeOf(word, body, at + 1)) {
    const colon = lastInk(body, at);
    const key = lastInk(body, colon);
    if (body[colon] === 0x3a && textOf(body, key - 5, key + 1) === '"role"') return true;
  }
  return false;
}

/** The place of the last byte before `end` that is no white space. */
function lastInk(body: Uint8Array, end: number): number {
  let at = end - 1;
  while (at > 0 && body[at]! <= 0x20) at--;
  return at;
}

/** What answers of other vendors have of their thinking here; openai refuses such fields. */
export const othersThinking: readonly string[] = [
  'thinking_blocks',
  'reasoning_content',
  'extra_content',
];

/**
 * False where openai would refuse what others thought; where a host lacks a field that the body
 * has, or would lack the one that is spliced in to ask for usage; where it has another name for
 * one; and where it does not know a role. Whoever calls a route knows nothing of the model behind
 * it: reasoning models of openai refuse the old name of the limit, which SDKs write for every model
 * that they do not know.
 */
export function takes(body: Uint8Array, scan: Scan, target: TargetModel): boolean {
  const has = (key: string): boolean => scan.fields?.has(key) ?? false;
  const { host } = target;
  if (host === undefined) {
    if (has('max_tokens') && isOpenaiReasoning(target)) return false;
    return !isOpenaiItself(target) || !othersThinking.some(key => scan.words?.has(key));
  }
  const { lacks = [], renames = {} } = host;
  if (scan.stream && lacks.includes(ours)) return false;
  if (lacks.some(has) || Object.keys(renames).some(has)) return false;
  return host.developerRole === true || !saysDeveloper(body);
}
