// A caller's Messages request to the canonical form. Strict: a field of a wrong type is refused
// with its path. Fields that are not known are kept as extensions.

import type { CanonicalRequest, Effort, Reasoning, ResponseFormat } from '../canonical.ts';
import { given } from '../given.ts';
import { badField, type JsonObject, ObjectReader, parseJsonObject } from '../json.ts';
import { decodeMessages } from './message-decode.ts';
import { decodeToolChoice, decodeTools } from './tool-decode.ts';

const efforts: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

const known: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'max_tokens',
  'system',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'metadata',
  'service_tier',
  'cache_control',
]);

/** Throws DialectError of class `invalid_request`, with the field where there is one. */
export function decodeRequest(bytes: Uint8Array): CanonicalRequest {
  const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
  if (body.value('max_tokens') === undefined) throw badField('max_tokens', 'it is required');
  return decodeBody(body);
}

/** The same of a body that need not limit its answer, such as one that is only counted. */
export function decodeBody(body: ObjectReader): CanonicalRequest {
  const model = body.requiredString('model');
  if (model === '') throw badField('model', 'it is empty');
  const output = body.child('output_config');
  return {
    model,
    messages: decodeMessages(body),
    stream: body.boolean('stream') ?? false,
    includeUsage: true,
    ...given({
      maxOutputTokens: body.integer('max_tokens', 0),
      temperature: body.number('temperature', 0, 1),
      topP: body.number('top_p', 0, 1),
      topK: body.integer('top_k', 0),
      stop: body.strings('stop_sequences'),
      tools: decodeTools(body),
      responseFormat: decodeFormat(output),
      reasoning: decodeReasoning(body, output),
      user: body.child('metadata')?.string('user_id'),
      serviceTier: body.string('service_tier'),
      extensions: decodeExtensions(body, output),
    }),
    ...decodeToolChoice(body),
  };
}

function decodeFormat(output: ObjectReader | undefined): ResponseFormat | undefined {
  const format = output?.child('format');
  if (format === undefined) return undefined;
  format.oneOf('type', ['json_schema']);
  return { type: 'json_schema', schema: format.requiredObject('schema').object };
}

/** An effort without a word on thinking leaves it to the model: the same as asking for it. */
function decodeReasoning(
  body: ObjectReader,
  output: ObjectReader | undefined,
): Reasoning | undefined {
  const thinking = body.child('thinking');
  const effort = output?.oneOf('effort', efforts);
  const effortField = effort === undefined ? {} : { effort };
  const mode = thinking?.requiredString('type');
  if (thinking === undefined || !isMode(mode)) {
    return effort === undefined ? undefined : { mode: 'enabled', effort };
  }
  const display = thinking.string('display');
  return {
    mode,
    ...effortField,
    ...(mode === 'enabled' ? { budgetTokens: requiredBudget(thinking) } : {}),
    ...(display === undefined ? {} : { display }),
  };
}

function isMode(type: string | undefined): type is Reasoning['mode'] {
  return type === 'enabled' || type === 'adaptive' || type === 'disabled';
}

function requiredBudget(thinking: ObjectReader): number {
  const budget = thinking.integer('budget_tokens', 0);
  if (budget === undefined) throw thinking.bad('budget_tokens', 'it is required');
  return budget;
}

/** Unknown fields, and what is unknown inside of known ones. */
function decodeExtensions(
  body: ObjectReader,
  output: ObjectReader | undefined,
): CanonicalRequest['extensions'] {
  const fields = { ...body.unknownFields(known) };
  const thinking = body.child('thinking');
  const thinkingRest = isMode(thinking?.string('type'))
    ? thinking?.unknownFields(new Set(['type', 'budget_tokens', 'display']))
    : thinking?.object;
  if (thinkingRest !== undefined) fields.thinking = thinkingRest;
  const outputRest = output?.unknownFields(new Set(['effort', 'format']));
  if (outputRest !== undefined) fields.output_config = outputRest;
  const metadataRest = body.child('metadata')?.unknownFields(new Set(['user_id']));
  if (metadataRest !== undefined) fields.metadata = metadataRest;
  const said = Object.entries(fields as JsonObject).filter(([, value]) => value !== null);
  if (said.length === 0) return undefined;
  return { dialect: 'anthropic-messages', fields: Object.fromEntries(said) };
}
