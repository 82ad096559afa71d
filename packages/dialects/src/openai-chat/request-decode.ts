// A caller's Chat Completions request to the canonical form. Strict: a field of a wrong type is
// refused with its path. Fields that are not known are kept as extensions.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import { given } from '../given.ts';
import { badField, ObjectReader, parseJsonObject } from '../json.ts';
import { refuseLegacy } from './legacy.ts';
import { decodeMessages } from './message-decode.ts';
import {
  decodeLogprobs,
  decodeResponseFormat,
  decodeToolChoice,
  decodeTools,
} from './tool-decode.ts';

const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

const known: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'n',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'user',
  'safety_identifier',
  'metadata',
  'service_tier',
  'prompt_cache_key',
  'store',
  'functions',
  'function_call',
]);

/**
 * Throws DialectError: `invalid_request` with the field, or `unsupported` for old function calls.
 */
export function decodeRequest(bytes: Uint8Array): CanonicalRequest {
  const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
  for (const key of ['functions', 'function_call']) {
    if (body.value(key) !== undefined) throw refuseLegacy(key);
  }
  const stream = body.boolean('stream') ?? false;
  const options = body.child('stream_options');
  const usageWish = options?.boolean('include_usage') ?? false;
  return {
    model: decodeModel(body),
    messages: decodeMessages(body),
    stream,
    includeUsage: stream && usageWish,
    ...given({
      maxOutputTokens: body.integer('max_completion_tokens', 1) ?? body.integer('max_tokens', 1),
      temperature: body.number('temperature'),
      topP: body.number('top_p'),
      topK: body.integer('top_k'),
      stop: decodeStop(body),
      seed: body.integer('seed'),
      frequencyPenalty: body.number('frequency_penalty'),
      presencePenalty: body.number('presence_penalty'),
      candidates: body.integer('n', 1),
      logprobs: decodeLogprobs(body),
      logitBias: decodeLogitBias(body),
      tools: decodeTools(body),
      toolChoice: decodeToolChoice(body),
      parallelToolCalls: body.boolean('parallel_tool_calls'),
      responseFormat: decodeResponseFormat(body),
      reasoning: decodeReasoning(body),
      user: body.string('user') ?? body.string('safety_identifier'),
      metadata: decodeMetadata(body),
      serviceTier: body.string('service_tier'),
      promptCacheKey: body.string('prompt_cache_key'),
      store: body.boolean('store'),
      extensions: decodeExtensions(body, options),
    }),
  };
}

function decodeModel(body: ObjectReader): string {
  const model = body.requiredString('model');
  if (model === '') throw badField('model', 'it is empty');
  return model;
}

function decodeStop(body: ObjectReader): readonly string[] | undefined {
  const stop = body.value('stop');
  return typeof stop === 'string' ? [stop] : body.strings('stop');
}

function decodeLogitBias(body: ObjectReader): Record<string, number> | undefined {
  const bias = body.child('logit_bias');
  if (bias === undefined) return undefined;
  for (const token of Object.keys(bias.object)) bias.number(token);
  return bias.object as Record<string, number>;
}

function decodeMetadata(body: ObjectReader): Record<string, string> | undefined {
  const metadata = body.child('metadata');
  if (metadata === undefined) return undefined;
  for (const key of Object.keys(metadata.object)) metadata.requiredString(key);
  return metadata.object as Record<string, string>;
}

function decodeReasoning(body: ObjectReader): Reasoning | undefined {
  const effort = body.oneOf('reasoning_effort', efforts);
  if (effort === undefined) return undefined;
  return { mode: effort === 'none' ? 'disabled' : 'enabled', effort };
}

function decodeExtensions(
  body: ObjectReader,
  options: ObjectReader | undefined,
): CanonicalRequest['extensions'] {
  const fields = body.unknownFields(known) ?? {};
  const moreOptions = options?.unknownFields(new Set(['include_usage']));
  if (moreOptions !== undefined) fields.stream_options = moreOptions;
  // The two names of one thing may differ; the old one is the canonical `user` then.
  const identifier = body.string('safety_identifier');
  if (identifier !== undefined && body.string('user') !== undefined) {
    fields.safety_identifier = identifier;
  }
  return Object.keys(fields).length === 0 ? undefined : { dialect: 'openai-chat', fields };
}
