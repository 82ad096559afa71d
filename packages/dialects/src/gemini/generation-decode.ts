// `generationConfig` of a caller's request: sampling, limits, the form of the answer and thinking.

import type { CanonicalRequest, Reasoning, ResponseFormat } from '../canonical.ts';
import { given } from '../given.ts';
import type { JsonObject } from '../json.ts';
import { ProtoReader } from './proto-reader.ts';
import { decodeSchema } from './schema-decode.ts';

const known: ReadonlySet<string> = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
  'candidateCount',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'thinkingConfig',
]);
const thinkingKeys: ReadonlySet<string> = new Set([
  'includeThoughts',
  'thinkingBudget',
  'thinkingLevel',
]);

export type GenerationFields = Partial<CanonicalRequest>;

/** The fields, and what only this dialect knows. */
export function decodeGeneration(body: ProtoReader): {
  readonly fields: GenerationFields;
  readonly extension: JsonObject | undefined;
} {
  const config = body.child('generationConfig') ?? new ProtoReader({}, 'generationConfig');
  const more: Record<string, unknown> = config.unknownFields(known) ?? {};
  // What every model does that is not asked for anything else.
  if (isTextAlone(more.responseModalities)) delete more.responseModalities;
  const thinking = config.child('thinkingConfig');
  const moreThinking = thinking?.unknownFields(thinkingKeys);
  if (moreThinking !== undefined) more.thinkingConfig = moreThinking;
  const fields = given({
    maxOutputTokens: config.integer('maxOutputTokens', 1),
    temperature: config.number('temperature'),
    topP: config.number('topP'),
    topK: config.integer('topK'),
    stop: config.strings('stopSequences'),
    seed: config.integer('seed'),
    frequencyPenalty: config.number('frequencyPenalty'),
    presencePenalty: config.number('presencePenalty'),
    candidates: config.integer('candidateCount', 1),
    logprobs: decodeLogprobs(config),
    responseFormat: decodeFormat(config, more),
    reasoning: thinking === undefined ? undefined : decodeThinking(thinking),
  });
  return { fields, extension: Object.keys(more).length === 0 ? undefined : more };
}

function isTextAlone(modalities: unknown): boolean {
  return Array.isArray(modalities) && modalities.length === 1 && modalities[0] === 'TEXT';
}

function decodeLogprobs(config: ProtoReader): CanonicalRequest['logprobs'] {
  const wanted = config.boolean('responseLogprobs') ?? false;
  const top = config.integer('logprobs', 0, 20);
  if (top !== undefined && !wanted) {
    throw config.bad('logprobs', 'responseLogprobs must be true with it');
  }
  return wanted ? { top: top ?? 0 } : undefined;
}

function decodeFormat(
  config: ProtoReader,
  more: Record<string, unknown>,
): ResponseFormat | undefined {
  const mediaType = config.string('responseMimeType');
  const openApi = config.map('responseSchema');
  const jsonSchema = config.map('responseJsonSchema');
  if (openApi !== undefined && jsonSchema !== undefined) {
    throw config.bad('responseSchema', 'it cannot stand beside responseJsonSchema');
  }
  const schema = openApi === undefined ? jsonSchema : decodeSchema(openApi);
  if (mediaType === 'application/json') {
    return schema === undefined ? { type: 'json_object' } : { type: 'json_schema', schema };
  }
  // One word of a list, which no other dialect can be held to.
  if (mediaType !== undefined && mediaType !== 'text/plain') {
    more.responseMimeType = mediaType;
    if (openApi !== undefined) more.responseSchema = openApi;
    if (jsonSchema !== undefined) more.responseJsonSchema = jsonSchema;
    return undefined;
  }
  if (schema !== undefined) {
    throw config.bad('responseMimeType', 'expected application/json with a schema');
  }
  return mediaType === undefined ? undefined : { type: 'text' };
}

const levels = ['THINKING_LEVEL_UNSPECIFIED', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] as const;
const effortOfLevel = { MINIMAL: 'minimal', LOW: 'low', MEDIUM: 'medium', HIGH: 'high' } as const;

/** A budget of -1 leaves it to the model, 0 is none. Thoughts are not shown unless asked for. */
function decodeThinking(thinking: ProtoReader): Reasoning | undefined {
  const budget = thinking.integer('thinkingBudget', -1);
  const level = thinking.oneOf('thinkingLevel', levels);
  const isShown = thinking.boolean('includeThoughts') ?? false;
  const display = isShown ? { display: 'summarized' } : {};
  if (level !== undefined && level !== 'THINKING_LEVEL_UNSPECIFIED') {
    if (budget !== undefined) {
      throw thinking.bad('thinkingBudget', 'it cannot stand beside thinkingLevel');
    }
    return { mode: 'enabled', effort: effortOfLevel[level], ...display };
  }
  if (budget === 0) return { mode: 'disabled' };
  if (budget !== undefined && budget > 0)
    return { mode: 'enabled', budgetTokens: budget, ...display };
  return budget === undefined && !isShown ? undefined : { mode: 'adaptive', ...display };
}
