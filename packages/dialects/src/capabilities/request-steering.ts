// Features that say what the answer must be like, and how much to think before it.

import { carriedByAll, type Group, type RequestFeature, said } from './feature.ts';
import { carried, emulated, refused } from './verdict.ts';

const jsonSchema: RequestFeature = {
  name: 'an answer by a JSON schema',
  said: said('response_format', 'text', 'output_config', 'outputConfig', 'generationConfig'),
  content: ({ responseFormat }) =>
    responseFormat?.type === 'json_schema' ? responseFormat.schema : undefined,
  to: {
    ...carriedByAll,
    'anthropic-messages/older': refused('responseFormat', 'the model has no structured output'),
  },
};

const jsonObject: RequestFeature = {
  name: 'an answer in JSON',
  said: said('response_format', 'text', null, null, 'generationConfig'),
  content: ({ responseFormat }) => (responseFormat?.type === 'json_object' ? true : undefined),
  to: {
    ...carriedByAll,
    'anthropic-messages': refused('responseFormat', 'there is no JSON without a schema here'),
    'bedrock-converse': refused('responseFormat', 'there is no JSON without a schema here'),
  },
};

const effort: RequestFeature = {
  name: 'reasoning, by an effort',
  said: said(
    'reasoning_effort',
    'reasoning',
    'output_config',
    'additionalModelRequestFields',
    'generationConfig',
  ),
  content: ({ reasoning }) => (reasoning?.mode === 'disabled' ? undefined : reasoning?.effort),
  to: {
    ...carriedByAll,
    'openai-chat': refused('reasoning', 'the model does not reason'),
    'openai-chat/reasoning': carried,
    'openai-chat/open-weights': carried,
    'openai-responses': refused('reasoning', 'the model does not reason'),
    'openai-responses/reasoning': carried,
    'anthropic-messages/older': emulated('by a budget of tokens'),
    'gemini/2.5': emulated('by a budget of tokens'),
  },
};

const budget: RequestFeature = {
  name: 'reasoning, by a budget of tokens',
  said: said(null, null, 'thinking', 'additionalModelRequestFields', 'generationConfig'),
  content: ({ reasoning }) => reasoning?.budgetTokens,
  to: {
    ...carriedByAll,
    'openai-chat': refused('reasoning', 'the model does not reason'),
    'openai-chat/reasoning': refused(
      'reasoning.budgetTokens',
      'there is an effort but no budget here',
    ),
    'openai-chat/open-weights': refused(
      'reasoning.budgetTokens',
      'there is an effort but no budget here',
    ),
    'openai-responses': refused('reasoning', 'the model does not reason'),
    'openai-responses/reasoning': refused(
      'reasoning.budgetTokens',
      'there is an effort but no budget here',
    ),
    'bedrock-converse/nova': refused(
      'reasoning.budgetTokens',
      'there is an effort but no budget here',
    ),
    gemini: refused('reasoning.budgetTokens', 'this model takes a level and no budget'),
    'gemini/2.5': carried,
  },
};

const adaptive: RequestFeature = {
  name: 'reasoning, as the model sees fit',
  said: said(null, null, 'thinking', 'additionalModelRequestFields', 'generationConfig'),
  content: ({ reasoning }) => (reasoning?.mode === 'adaptive' ? true : undefined),
  to: {
    ...carriedByAll,
    'openai-chat': refused('reasoning', 'the model does not reason'),
    'openai-chat/reasoning': emulated('left unsaid: the model decides by itself'),
    'openai-chat/open-weights': emulated('left unsaid: the model decides by itself'),
    'openai-responses': refused('reasoning', 'the model does not reason'),
    'openai-responses/reasoning': emulated('left unsaid: the model decides by itself'),
    'anthropic-messages/older': emulated('by a budget of 2048 tokens'),
    'bedrock-converse/nova': emulated('as reasoning that is switched on'),
    gemini: emulated('left unsaid: the model decides by itself'),
    'gemini/2.5': carried,
  },
};

const noReasoning: RequestFeature = {
  name: 'no reasoning',
  said: said(
    'reasoning_effort',
    'reasoning',
    'thinking',
    'additionalModelRequestFields',
    'generationConfig',
  ),
  content: ({ reasoning }) => (reasoning?.mode === 'disabled' ? true : undefined),
  to: {
    ...carriedByAll,
    'openai-chat': emulated('left unsaid: the model does not reason'),
    'openai-chat/reasoning': refused(
      'reasoning.mode',
      'reasoning cannot be switched off for this model',
    ),
    'openai-chat/open-weights': refused(
      'reasoning.mode',
      'reasoning cannot be switched off for this model',
    ),
    'openai-responses': emulated('left unsaid: the model does not reason'),
    'openai-responses/reasoning': refused(
      'reasoning.mode',
      'reasoning cannot be switched off for this model',
    ),
    gemini: refused('reasoning.mode', 'thinking cannot be switched off for this model'),
    'gemini/2.5': carried,
  },
  from: {
    'openai-responses': { 'openai-chat/reasoning': carried, 'openai-chat/open-weights': carried },
    'openai-chat': { 'openai-responses/reasoning': carried },
  },
};

const shownReasoning: RequestFeature = {
  name: 'reasoning shown in a summary',
  said: said(null, 'reasoning', 'thinking', 'additionalModelRequestFields', 'generationConfig'),
  content: ({ reasoning }) => (reasoning?.display === 'summarized' ? true : undefined),
  to: {
    ...carriedByAll,
    'openai-chat': refused('reasoning', 'the model does not reason'),
    'openai-chat/reasoning': refused(
      'reasoning.display',
      'the text of reasoning is not shown here',
    ),
    'openai-chat/open-weights': refused(
      'reasoning.display',
      'the text of reasoning is not shown here',
    ),
    'openai-responses': refused('reasoning', 'the model does not reason'),
    'openai-responses/reasoning': carried,
    'bedrock-converse/nova': refused(
      'reasoning.display',
      'whether thinking is shown cannot be chosen here',
    ),
  },
};

const stop: RequestFeature = {
  name: 'stop sequences',
  said: said('stop', null, 'stop_sequences', 'inferenceConfig', 'generationConfig'),
  content: ({ stop }) => stop,
  to: {
    ...carriedByAll,
    'openai-responses': refused('stop', 'there is no such field in this dialect'),
  },
};

const maxTokens: RequestFeature = {
  name: 'most tokens of the answer',
  said: said(
    'max_completion_tokens',
    'max_output_tokens',
    'max_tokens',
    'inferenceConfig',
    'generationConfig',
  ),
  content: ({ maxOutputTokens }) => maxOutputTokens,
  to: carriedByAll,
};

const verbosity: RequestFeature = {
  name: 'verbosity',
  said: said('verbosity', 'text', null, null, null),
  content: ({ extensions }) =>
    extensions?.fields.verbosity ??
    (extensions?.fields.text as { verbosity?: string } | undefined)?.verbosity,
  to: {
    ...carriedByAll,
    'openai-chat': refused('extensions.text', 'only {from} has this field'),
    'openai-responses': refused('extensions.verbosity', 'only {from} has this field'),
    'anthropic-messages': refused('extensions.verbosity', 'only {from} has this field'),
    'bedrock-converse': refused('extensions.verbosity', 'only {from} has this field'),
    gemini: refused('extensions.verbosity', 'only {from} has this field'),
  },
  from: {
    'openai-responses': {
      'anthropic-messages': refused('extensions.text', 'only {from} has this field'),
      'bedrock-converse': refused('extensions.text', 'only {from} has this field'),
      gemini: refused('extensions.text', 'only {from} has this field'),
    },
  },
};

const safety: RequestFeature = {
  name: 'safety settings and guardrails',
  said: said(null, null, null, 'guardrailConfig', 'safetySettings'),
  content: ({ extensions }) =>
    extensions?.fields.guardrailConfig ?? extensions?.fields.safetySettings,
  to: {
    ...carriedByAll,
    'openai-chat': refused('extensions.guardrailConfig', 'only {from} has this field'),
    'openai-responses': refused('extensions.guardrailConfig', 'only {from} has this field'),
    'anthropic-messages': refused('extensions.guardrailConfig', 'only {from} has this field'),
    'bedrock-converse': refused('extensions.safetySettings', 'only {from} has this field'),
    gemini: refused('extensions.guardrailConfig', 'only {from} has this field'),
  },
  from: {
    gemini: {
      'openai-chat': refused('extensions.safetySettings', 'only {from} has this field'),
      'openai-responses': refused('extensions.safetySettings', 'only {from} has this field'),
      'anthropic-messages': refused('extensions.safetySettings', 'only {from} has this field'),
    },
  },
};

export const steering: Group<RequestFeature> = {
  title: 'Form of the answer, reasoning, limits',
  features: [
    jsonSchema,
    jsonObject,
    effort,
    budget,
    adaptive,
    noReasoning,
    shownReasoning,
    stop,
    maxTokens,
    verbosity,
    safety,
  ],
};
