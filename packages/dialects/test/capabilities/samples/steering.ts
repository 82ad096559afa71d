// Canonical samples of what says how the answer must be, and how much to think before it.

import { chat, converse, type Fields, gemini, messages, responses, type Samples } from './body.ts';

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const thinking = (fields: Fields): Fields =>
  converse({ additionalModelRequestFields: { thinking: fields } });
const generation = (fields: Fields): Fields => gemini({ generationConfig: fields });

export const steeringSamples: Samples = {
  'an answer by a JSON schema': {
    'openai-chat': chat({
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema } },
    }),
    'openai-responses': responses({
      text: { format: { type: 'json_schema', name: 'place', schema } },
    }),
    'anthropic-messages': messages({ output_config: { format: { type: 'json_schema', schema } } }),
    'bedrock-converse': converse({
      outputConfig: {
        textFormat: {
          type: 'json_schema',
          structure: { jsonSchema: { schema: JSON.stringify(schema), name: 'place' } },
        },
      },
    }),
    gemini: generation({ responseMimeType: 'application/json', responseJsonSchema: schema }),
  },
  'an answer in JSON': {
    'openai-chat': chat({ response_format: { type: 'json_object' } }),
    'openai-responses': responses({ text: { format: { type: 'json_object' } } }),
    gemini: generation({ responseMimeType: 'application/json' }),
  },
  'reasoning, by an effort': {
    'openai-chat': chat({ reasoning_effort: 'high' }),
    'openai-responses': responses({ reasoning: { effort: 'high' } }),
    'anthropic-messages': messages({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    }),
    'bedrock-converse': converse({
      additionalModelRequestFields: {
        thinking: { type: 'adaptive' },
        output_config: { effort: 'high' },
      },
    }),
    gemini: generation({ thinkingConfig: { thinkingLevel: 'HIGH' } }),
  },
  'reasoning, by a budget of tokens': {
    'anthropic-messages': messages({ thinking: { type: 'enabled', budget_tokens: 5000 } }),
    'bedrock-converse': thinking({ type: 'enabled', budget_tokens: 5000 }),
    gemini: generation({ thinkingConfig: { thinkingBudget: 5000 } }),
  },
  'reasoning, as the model sees fit': {
    'anthropic-messages': messages({ thinking: { type: 'adaptive' } }),
    'bedrock-converse': thinking({ type: 'adaptive' }),
    gemini: generation({ thinkingConfig: { thinkingBudget: -1 } }),
  },
  'no reasoning': {
    'openai-chat': chat({ reasoning_effort: 'none' }),
    'openai-responses': responses({ reasoning: { effort: 'none' } }),
    'anthropic-messages': messages({ thinking: { type: 'disabled' } }),
    'bedrock-converse': thinking({ type: 'disabled' }),
    gemini: generation({ thinkingConfig: { thinkingBudget: 0 } }),
  },
  'reasoning shown in a summary': {
    'openai-responses': responses({ reasoning: { effort: 'high', summary: 'auto' } }),
    'anthropic-messages': messages({ thinking: { type: 'adaptive', display: 'summarized' } }),
    'bedrock-converse': thinking({ type: 'adaptive', display: 'summarized' }),
    gemini: generation({ thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true } }),
  },
  'stop sequences': {
    'openai-chat': chat({ stop: ['END'] }),
    'anthropic-messages': messages({ stop_sequences: ['END'] }),
    'bedrock-converse': converse({ inferenceConfig: { stopSequences: ['END'] } }),
    gemini: generation({ stopSequences: ['END'] }),
  },
  'most tokens of the answer': {
    'openai-chat': chat({ max_completion_tokens: 500 }),
    'openai-responses': responses({ max_output_tokens: 500 }),
    'anthropic-messages': messages({ max_tokens: 500 }),
    'bedrock-converse': converse({ inferenceConfig: { maxTokens: 500 } }),
    gemini: generation({ maxOutputTokens: 500 }),
  },
  verbosity: {
    'openai-chat': chat({ verbosity: 'low' }),
    'openai-responses': responses({ text: { verbosity: 'low' } }),
  },
  'safety settings and guardrails': {
    'bedrock-converse': converse({
      guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
    }),
    gemini: gemini({
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
    }),
  },
};
