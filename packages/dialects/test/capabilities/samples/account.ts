// Canonical samples of who asks, at what price, and what is kept of it.

import { ask, chat, converse, gemini, messages, responses, type Samples } from './body.ts';

const pdf = 'JVBERi0xLjQK';

export const accountSamples: Samples = {
  'prompt-cache breakpoints': {
    'openai-chat': chat({
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }],
        },
      ],
    }),
    'openai-responses': responses({
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } },
          ],
        },
      ],
    }),
    'anthropic-messages': messages({
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        },
      ],
    }),
    'bedrock-converse': converse({
      messages: [
        { role: 'user', content: [{ text: 'a' }, { cachePoint: { type: 'default', ttl: '1h' } }] },
      ],
    }),
  },
  'prompt-cache key': {
    'openai-chat': chat({ prompt_cache_key: 'k' }),
    'openai-responses': responses({ prompt_cache_key: 'k' }),
  },
  'prompt cached before': { gemini: gemini({ cachedContent: 'cachedContents/1' }) },
  'service tier': {
    'openai-chat': chat({ service_tier: 'priority' }),
    'openai-responses': responses({ service_tier: 'priority' }),
    'bedrock-converse': converse({ serviceTier: { type: 'priority' } }),
    gemini: gemini({ serviceTier: 'priority' }),
  },
  'id of the end user': {
    'openai-chat': chat({ user: 'ada' }),
    'openai-responses': responses({ user: 'ada' }),
    'anthropic-messages': messages({ metadata: { user_id: 'ada' } }),
    'bedrock-converse': converse({ requestMetadata: { user: 'ada' } }),
  },
  metadata: {
    'openai-chat': chat({ metadata: { team: 'red' } }),
    'openai-responses': responses({ metadata: { team: 'red' } }),
    'bedrock-converse': converse({ requestMetadata: { team: 'red' } }),
  },
  'the answer is kept': {
    'openai-chat': chat({ store: true }),
    'openai-responses': responses({ store: true }),
  },
  'an answer that this one continues': {
    'openai-responses': responses({ previous_response_id: 'resp_1' }),
  },
  'citations of documents': {
    'anthropic-messages': ask.messages({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: pdf },
      citations: { enabled: true },
    }),
    'bedrock-converse': ask.converse({
      document: {
        format: 'pdf',
        name: 'paper',
        source: { bytes: pdf },
        citations: { enabled: true },
      },
    }),
  },
};
