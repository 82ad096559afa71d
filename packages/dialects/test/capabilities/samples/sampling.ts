// Canonical samples of the features that steer the choice of tokens.

import { chat, converse, type Fields, gemini, messages, responses, type Samples } from './body.ts';

const inference = (fields: Fields): Fields => converse({ inferenceConfig: fields });
const generation = (fields: Fields): Fields => gemini({ generationConfig: fields });

export const samplingSamples: Samples = {
  'temperature up to 1': {
    'openai-chat': chat({ temperature: 0.3 }),
    'openai-responses': responses({ temperature: 0.3 }),
    'anthropic-messages': messages({ temperature: 0.3 }),
    'bedrock-converse': inference({ temperature: 0.3 }),
    gemini: generation({ temperature: 0.3 }),
  },
  'temperature above 1': {
    'openai-chat': chat({ temperature: 1.5 }),
    'openai-responses': responses({ temperature: 1.5 }),
    gemini: generation({ temperature: 1.5 }),
  },
  top_p: {
    'openai-chat': chat({ top_p: 0.5 }),
    'openai-responses': responses({ top_p: 0.5 }),
    'anthropic-messages': messages({ top_p: 0.5 }),
    'bedrock-converse': inference({ topP: 0.5 }),
    gemini: generation({ topP: 0.5 }),
  },
  top_k: {
    'openai-chat': chat({ top_k: 5 }),
    'anthropic-messages': messages({ top_k: 5 }),
    'bedrock-converse': converse({ additionalModelRequestFields: { top_k: 5 } }),
    gemini: generation({ topK: 5 }),
  },
  seed: { 'openai-chat': chat({ seed: 7 }), gemini: generation({ seed: 7 }) },
  'frequency penalty': {
    'openai-chat': chat({ frequency_penalty: 0.5 }),
    gemini: generation({ frequencyPenalty: 0.5 }),
  },
  'presence penalty': {
    'openai-chat': chat({ presence_penalty: 0.5 }),
    gemini: generation({ presencePenalty: 0.5 }),
  },
  'several answers (n)': {
    'openai-chat': chat({ n: 2 }),
    gemini: generation({ candidateCount: 2 }),
  },
  logprobs: {
    'openai-chat': chat({ logprobs: true, top_logprobs: 3 }),
    'openai-responses': responses({
      include: ['message.output_text.logprobs'],
      top_logprobs: 3,
    }),
    gemini: generation({ responseLogprobs: true, logprobs: 3 }),
  },
  'logit bias': { 'openai-chat': chat({ logit_bias: { '50256': -100 } }) },
};
