// Whole requests of the canonical form, with any of the fields that it can hold.

import type { CanonicalRequest, Reasoning, ResponseFormat } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { conversation } from './conversation.ts';
import { objectSchema } from './schema.ts';
import { anyText, saidText } from './text.ts';
import { toolFields } from './tool.ts';

type Fields = { [Key in keyof CanonicalRequest]?: fc.Arbitrary<unknown> };

const tenth = fc.integer({ min: 0, max: 20 }).map(tenths => tenths / 10);

const responseFormat = fc.oneof(
  fc.constantFrom<ResponseFormat>({ type: 'text' }, { type: 'json_object' }),
  fc.record(
    {
      type: fc.constant('json_schema' as const),
      name: fc.constantFrom('answer', 'response'),
      description: saidText,
      schema: objectSchema,
      strict: fc.boolean(),
    },
    { requiredKeys: ['type', 'schema'] },
  ),
);
const effort = fc.constantFrom('minimal', 'low', 'medium', 'high', 'xhigh', 'max');
const display = fc.constantFrom('summarized', 'omitted');
const reasoning = fc.oneof(
  fc.constantFrom<Reasoning>({ mode: 'disabled' }, { mode: 'disabled', effort: 'none' }),
  fc.record({ mode: fc.constant('adaptive'), effort, display }, { requiredKeys: ['mode'] }),
  fc.record(
    { mode: fc.constant('enabled'), effort, budgetTokens: fc.integer({ min: 1024, max: 9000 }) },
    { requiredKeys: ['mode'] },
  ),
  fc.record({ mode: fc.constant('enabled'), display }, { requiredKeys: ['mode'] }),
);
const user = fc.oneof(fc.constantFrom('ada', 'u'.repeat(65)), anyText);
const metadata = fc.dictionary(fc.constantFrom('a', 'team name', 'größe'), anyText, {
  maxKeys: 2,
  noNullPrototype: true,
});
const tier = fc.constantFrom('auto', 'default', 'flex', 'priority', 'standard_only', 'warp');

/** Fields that only one dialect has, by names that it knows no other meaning of. */
const extensions = fc.constantFrom(
  { dialect: 'openai-chat', fields: { verbosity: 'low', prediction: { type: 'content' } } },
  { dialect: 'openai-responses', fields: { prompt: { id: 'p' }, max_tool_calls: 3 } },
  { dialect: 'anthropic-messages', fields: { container: 'c' } },
  { dialect: 'bedrock-converse', fields: { guardrailConfig: { guardrailIdentifier: 'g' } } },
  { dialect: 'gemini', fields: { safetySettings: [{ category: 'c', threshold: 't' }] } },
);

const optional: Fields = {
  maxOutputTokens: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2000, max: 1e6 })),
  temperature: tenth,
  topP: tenth.map(value => value / 2),
  topK: fc.integer({ min: 1, max: 100 }),
  stop: fc.array(anyText, { minLength: 1, maxLength: 3 }),
  seed: fc.maxSafeInteger(),
  frequencyPenalty: tenth,
  presencePenalty: tenth,
  candidates: fc.integer({ min: 1, max: 4 }),
  logprobs: fc.record({ top: fc.integer({ min: 0, max: 20 }) }),
  logitBias: fc.dictionary(fc.constantFrom('1', '50256'), fc.integer({ min: -100, max: 100 }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  responseFormat,
  reasoning,
  user,
  metadata,
  serviceTier: tier,
  promptCacheKey: anyText,
  store: fc.boolean(),
  extensions,
};

/** Few of the fields at a time, so that one does not always hide another. */
const fields = fc
  .subarray(Object.keys(optional) as (keyof CanonicalRequest)[], { maxLength: 6 })
  .chain(keys =>
    fc.record(Object.fromEntries(keys.map(key => [key, optional[key]!])) as Fields),
  ) as fc.Arbitrary<Partial<CanonicalRequest>>;

export const canonicalRequest: fc.Arbitrary<CanonicalRequest> = fc
  .tuple(conversation, fc.boolean(), fields, fc.option(toolFields, { nil: {} }))
  .map(([messages, stream, more, tools]) => ({
    model: 'model-asked-for',
    messages,
    stream,
    includeUsage: stream,
    ...more,
    ...tools,
  }));
