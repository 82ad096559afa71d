// A caller's Responses request to the canonical form. Strict: a field of a wrong type is refused
// with its path. Fields that no other dialect knows are kept as extensions, those that say what
// happens anyway are left out.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import { given } from '../given.ts';
import { badField, ObjectReader, parseJsonObject } from '../json.ts';
import { decodeInput } from './input-decode.ts';
import { decodeFormat, decodeToolChoice, decodeTools } from './tool-decode.ts';

const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** openai takes no smaller limit. */
export const minOutputTokens = 16;

export const logprobsInclude = 'message.output_text.logprobs';
export const encryptedInclude = 'reasoning.encrypted_content';

const known: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'max_output_tokens',
  'temperature',
  'top_p',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'include',
  'top_logprobs',
  'user',
  'safety_identifier',
  'metadata',
  'service_tier',
  'prompt_cache_key',
  'store',
]);

/** Throws DialectError of class `invalid_request`, with the field where there is one. */
export function decodeRequest(bytes: Uint8Array): CanonicalRequest {
  const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
  const model = body.requiredString('model');
  if (model === '') throw badField('model', 'it is empty');
  const text = body.child('text');
  const include = body.strings('include') ?? [];
  return {
    model,
    messages: decodeInput(body),
    stream: body.boolean('stream') ?? false,
    includeUsage: true,
    ...given({
      maxOutputTokens: body.integer('max_output_tokens', minOutputTokens),
      temperature: body.number('temperature', 0, 2),
      topP: body.number('top_p', 0, 1),
      logprobs: include.includes(logprobsInclude)
        ? { top: body.integer('top_logprobs', 0, 20) ?? 0 }
        : undefined,
      tools: decodeTools(body),
      toolChoice: decodeToolChoice(body).choice,
      parallelToolCalls: body.boolean('parallel_tool_calls'),
      responseFormat: decodeFormat(text),
      reasoning: decodeReasoning(body.child('reasoning')),
      user: body.string('user') ?? body.string('safety_identifier'),
      metadata: decodeMetadata(body),
      serviceTier: body.string('service_tier'),
      promptCacheKey: body.string('prompt_cache_key'),
      // What is to be kept is a wish that only this dialect can fulfil.
      store: body.boolean('store') === false ? false : undefined,
      extensions: decodeExtensions(body, text, include),
    }),
  };
}

/** Who asks for a summary wants to see the model think. */
function decodeReasoning(reasoning: ObjectReader | undefined): Reasoning | undefined {
  const effort = reasoning?.oneOf('effort', efforts);
  const summary = reasoning?.oneOf('summary', ['auto', 'concise', 'detailed']);
  if (effort === undefined && summary === undefined) return undefined;
  return {
    mode: effort === 'none' ? 'disabled' : 'enabled',
    ...(effort === undefined ? {} : { effort }),
    ...(summary === undefined ? {} : { display: 'summarized' }),
  };
}

function decodeMetadata(body: ObjectReader): Record<string, string> | undefined {
  const metadata = body.child('metadata');
  if (metadata === undefined) return undefined;
  for (const key of Object.keys(metadata.object)) metadata.requiredString(key);
  return metadata.object as Record<string, string>;
}

/** Encrypted reasoning need not be asked for: signatures are always carried. */
function decodeExtensions(
  body: ObjectReader,
  text: ObjectReader | undefined,
  include: readonly string[],
): CanonicalRequest['extensions'] {
  const fields: Record<string, unknown> = { ...withValues(body.unknownFields(known)) };
  if (body.boolean('store') === true) fields.store = true;
  body.string('previous_response_id');
  body.integer('max_tool_calls');
  if (body.boolean('background') === false) delete fields.background;
  if (body.oneOf('truncation', ['auto', 'disabled']) === 'disabled') delete fields.truncation;
  if (body.child('stream_options')?.boolean('include_obfuscation') !== true) {
    delete fields.stream_options;
  }
  const moreIncluded = include.filter(
    word => word !== logprobsInclude && word !== encryptedInclude,
  );
  if (moreIncluded.length > 0) fields.include = moreIncluded;
  const isUsual = text?.oneOf('verbosity', ['low', 'medium', 'high']) === 'medium';
  const plainText = isUsual ? ['format', 'verbosity'] : ['format'];
  const moreText = withValues(text?.unknownFields(new Set(plainText)));
  if (moreText !== undefined) fields.text = moreText;
  const moreReasoning = reasoningExtension(body.child('reasoning'));
  if (moreReasoning !== undefined) fields.reasoning = moreReasoning;
  const choice = decodeToolChoice(body).own;
  if (choice !== undefined) fields.tool_choice = choice;
  const top = body.integer('top_logprobs', 0, 20) ?? 0;
  if (top > 0 && !include.includes(logprobsInclude)) fields.top_logprobs = top;
  // The two names of one thing may differ; the old one is the canonical `user` then.
  const identifier = body.string('safety_identifier');
  if (identifier !== undefined && body.string('user') !== undefined) {
    fields.safety_identifier = identifier;
  }
  return Object.keys(fields).length === 0 ? undefined : { dialect: 'openai-responses', fields };
}

/** Any summary is one to other dialects; how long it shall be, only this one can say. */
function reasoningExtension(
  reasoning: ObjectReader | undefined,
): Record<string, unknown> | undefined {
  const length = reasoning?.string('summary') ?? 'auto';
  const plain = length === 'auto' ? ['effort', 'summary'] : ['effort'];
  return withValues(reasoning?.unknownFields(new Set(plain)));
}

/** Absent and null are the same. */
function withValues(
  fields: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  const said = Object.entries(fields ?? {}).filter(([, value]) => value !== null);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
