// Features that steer the choice of tokens.

import type { CanonicalRequest } from '../canonical.ts';
import { carriedByAll, type Group, type RequestFeature, said } from './feature.ts';
import { refused } from './verdict.ts';

const temperature: RequestFeature = {
  name: 'temperature up to 1',
  said: said('temperature', 'temperature', 'temperature', 'inferenceConfig', 'generationConfig'),
  content: ({ temperature: value }) => (value !== undefined && value <= 1 ? value : undefined),
  to: {
    ...carriedByAll,
    'openai-chat/reasoning': refused('temperature', 'reasoning models of openai refuse it'),
    'openai-responses/reasoning': refused('temperature', 'reasoning models of openai refuse it'),
    'anthropic-messages/fixed-sampling': refused('temperature', 'the model refuses it'),
  },
};

const hot: RequestFeature = {
  name: 'temperature above 1',
  said: said('temperature', 'temperature', null, null, 'generationConfig'),
  content: ({ temperature: value = 0 }) => (value > 1 ? value : undefined),
  to: {
    ...carriedByAll,
    'openai-chat/reasoning': refused('temperature', 'reasoning models of openai refuse it'),
    'openai-responses/reasoning': refused('temperature', 'reasoning models of openai refuse it'),
    'anthropic-messages': refused('temperature', 'it goes up to 1 here'),
    'anthropic-messages/fixed-sampling': refused('temperature', 'the model refuses it'),
    'bedrock-converse': refused('temperature', 'it goes up to 1 here'),
  },
};

const topP: RequestFeature = sampling(
  'top_p',
  'topP',
  said('top_p', 'top_p', 'top_p', 'inferenceConfig', 'generationConfig'),
  {
    ...carriedByAll,
    'openai-chat/reasoning': refused('topP', 'reasoning models of openai refuse it'),
    'openai-responses/reasoning': refused('topP', 'reasoning models of openai refuse it'),
    'anthropic-messages/fixed-sampling': refused('topP', 'the model refuses it'),
  },
);

const topK: RequestFeature = sampling(
  'top_k',
  'topK',
  said('top_k', null, 'top_k', 'additionalModelRequestFields', 'generationConfig'),
  {
    ...carriedByAll,
    'openai-chat': refused('topK', 'there is no such field in this dialect'),
    'openai-responses': refused('topK', 'there is no such field in this dialect'),
    'anthropic-messages/fixed-sampling': refused('topK', 'the model refuses it'),
  },
);

const seed: RequestFeature = sampling(
  'seed',
  'seed',
  said('seed', null, null, null, 'generationConfig'),
  {
    ...carriedByAll,
    'openai-responses': refused('seed', 'there is no such field in this dialect'),
    'anthropic-messages': refused('seed', 'there is no such field in this dialect'),
    'bedrock-converse': refused('seed', 'there is no such field in this dialect'),
  },
);

const frequency: RequestFeature = sampling(
  'frequency penalty',
  'frequencyPenalty',
  said('frequency_penalty', null, null, null, 'generationConfig'),
  {
    ...carriedByAll,
    'openai-chat/reasoning': refused('frequencyPenalty', 'reasoning models of openai refuse it'),
    'openai-responses': refused('frequencyPenalty', 'there is no such field in this dialect'),
    'anthropic-messages': refused('frequencyPenalty', 'there is no such field in this dialect'),
    'bedrock-converse': refused('frequencyPenalty', 'there is no such field in this dialect'),
  },
);

const presence: RequestFeature = sampling(
  'presence penalty',
  'presencePenalty',
  said('presence_penalty', null, null, null, 'generationConfig'),
  {
    ...carriedByAll,
    'openai-chat/reasoning': refused('presencePenalty', 'reasoning models of openai refuse it'),
    'openai-responses': refused('presencePenalty', 'there is no such field in this dialect'),
    'anthropic-messages': refused('presencePenalty', 'there is no such field in this dialect'),
    'bedrock-converse': refused('presencePenalty', 'there is no such field in this dialect'),
  },
);

const candidates: RequestFeature = sampling(
  'several answers (n)',
  'candidates',
  said('n', null, null, null, 'generationConfig'),
  {
    ...carriedByAll,
    'openai-responses': refused('candidates', 'there is no such field in this dialect'),
    'anthropic-messages': refused('candidates', 'there is one answer to a request here'),
    'bedrock-converse': refused('candidates', 'there is one answer to a request here'),
  },
);

const logprobs: RequestFeature = sampling(
  'logprobs',
  'logprobs',
  said('logprobs', 'include', null, null, 'generationConfig'),
  {
    ...carriedByAll,
    'openai-chat/reasoning': refused('logprobs', 'reasoning models of openai refuse it'),
    'openai-responses/reasoning': refused('logprobs', 'reasoning models of openai refuse it'),
    'anthropic-messages': refused('logprobs', 'there is no such field in this dialect'),
    'bedrock-converse': refused('logprobs', 'there is no such field in this dialect'),
  },
);

const logitBias: RequestFeature = sampling(
  'logit bias',
  'logitBias',
  said('logit_bias', null, null, null, null),
  {
    ...carriedByAll,
    'openai-responses': refused('logitBias', 'there is no such field in this dialect'),
    'anthropic-messages': refused('logitBias', 'there is no such field in this dialect'),
    'bedrock-converse': refused('logitBias', 'there is no such field in this dialect'),
    gemini: refused('logitBias', 'there is no such field in this dialect'),
  },
);

export const tokenChoice: Group<RequestFeature> = {
  title: 'Sampling',
  features: [
    temperature,
    hot,
    topP,
    topK,
    seed,
    frequency,
    presence,
    candidates,
    logprobs,
    logitBias,
  ],
};

function sampling(
  name: string,
  field: keyof CanonicalRequest,
  fields: RequestFeature['said'],
  to: RequestFeature['to'],
  from?: RequestFeature['from'],
): RequestFeature {
  return {
    name,
    said: fields,
    content: request => request[field],
    to,
    ...(from === undefined ? {} : { from }),
  };
}
