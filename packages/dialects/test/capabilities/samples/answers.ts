// Canonical samples of answers, in each dialect that can say a thing.

import type { Fields, Samples } from './body.ts';

const usage = {
  chat: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  responses: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  },
  messages: { input_tokens: 10, output_tokens: 5 },
  converse: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
  gemini: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
};

/** The least answer of each dialect: `message`, `output`, ... say what is in it. */
const chat = (message: Fields = {}, choice: Fields = {}, body: Fields = {}): Fields => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'hi', ...message },
      finish_reason: 'stop',
      ...choice,
    },
  ],
  usage: usage.chat,
  ...body,
});
const output = (...parts: readonly Fields[]): Fields => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: parts,
});
const words = (more: Fields = {}): Fields => ({
  type: 'output_text',
  text: 'hi',
  annotations: [],
  ...more,
});
const responses = (items: readonly Fields[] = [output(words())], body: Fields = {}): Fields => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'm',
  output: items,
  usage: usage.responses,
  ...body,
});
const text = { type: 'text', text: 'hi' };
const messages = (content: readonly Fields[] = [text], body: Fields = {}): Fields => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content,
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: usage.messages,
  ...body,
});
const converse = (content: readonly Fields[] = [{ text: 'hi' }], body: Fields = {}): Fields => ({
  output: { message: { role: 'assistant', content } },
  stopReason: 'end_turn',
  usage: usage.converse,
  metrics: { latencyMs: 1 },
  ...body,
});
const gemini = (
  parts: readonly Fields[] = [{ text: 'hi' }],
  candidate: Fields = {},
  body: Fields = {},
): Fields => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP', ...candidate }],
  usageMetadata: usage.gemini,
  modelVersion: 'gemini-3-pro',
  responseId: 'r1',
  ...body,
});

const input = { city: 'Oslo' };
const called = {
  chat: (more: Fields = {}) =>
    chat(
      {
        content: null,
        tool_calls: ['call_1', 'call_2'].map((id, at) => ({
          id,
          type: 'function',
          function: { name: 'weather', arguments: at === 0 ? JSON.stringify(input) : '{}' },
          ...(at === 0 ? more : {}),
        })),
      },
      { finish_reason: 'tool_calls' },
    ),
  responses: responses(
    ['call_1', 'call_2'].map((id, at) => ({
      type: 'function_call',
      id: `fc_${at}`,
      call_id: id,
      name: 'weather',
      arguments: at === 0 ? JSON.stringify(input) : '{}',
      status: 'completed',
    })),
  ),
  messages: messages(
    [
      { type: 'tool_use', id: 'call_1', name: 'weather', input },
      { type: 'tool_use', id: 'call_2', name: 'weather', input: {} },
    ],
    { stop_reason: 'tool_use' },
  ),
  converse: converse(
    [
      { toolUse: { toolUseId: 'call_1', name: 'weather', input } },
      { toolUse: { toolUseId: 'call_2', name: 'weather', input: {} } },
    ],
    { stopReason: 'tool_use' },
  ),
  gemini: (more: Fields = {}) =>
    gemini([
      { functionCall: { id: 'call_1', name: 'weather', args: input }, ...more },
      { functionCall: { id: 'call_2', name: 'weather', args: {} } },
    ]),
};

const thought = {
  chat: chat({ reasoning_content: 'hmm' }),
  responses: responses([
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'hmm' }],
      encrypted_content: 'c2ln',
    },
    output(words()),
  ]),
  messages: messages([{ type: 'thinking', thinking: 'hmm', signature: 'c2ln' }, text]),
  converse: converse([
    { reasoningContent: { reasoningText: { text: 'hmm', signature: 'c2ln' } } },
    { text: 'hi' },
  ]),
  gemini: gemini([{ text: 'hmm', thought: true, thoughtSignature: 'c2ln' }, { text: 'hi' }]),
};

const tokens = [{ token: 'hi', logprob: -0.5, bytes: [104, 105], top_logprobs: [] }];

export const contentSamples: Samples = {
  'text of the answer': {
    'openai-chat': chat(),
    'openai-responses': responses(),
    'anthropic-messages': messages(),
    'bedrock-converse': converse(),
    gemini: gemini(),
  },
  'calls of tools': {
    'openai-chat': called.chat(),
    'openai-responses': called.responses,
    'anthropic-messages': called.messages,
    'bedrock-converse': called.converse,
    gemini: called.gemini(),
  },
  'thinking, in words': {
    'openai-chat': thought.chat,
    'openai-responses': thought.responses,
    'anthropic-messages': thought.messages,
    'bedrock-converse': thought.converse,
    gemini: thought.gemini,
  },
  'signatures of thinking, sent back': {
    'openai-chat': chat({
      thinking_blocks: [{ type: 'thinking', thinking: 'hmm', signature: 'c2ln' }],
    }),
    'openai-responses': thought.responses,
    'anthropic-messages': thought.messages,
    'bedrock-converse': thought.converse,
    gemini: thought.gemini,
  },
  'thinking that is hidden, sent back': {
    'anthropic-messages': messages([{ type: 'redacted_thinking', data: 'AAAA' }, text]),
    'bedrock-converse': converse([
      { reasoningContent: { redactedContent: 'AAAA' } },
      { text: 'hi' },
    ]),
  },
  'signatures of calls, sent back': {
    'openai-chat': called.chat({ extra_content: { google: { thought_signature: 'c2ln' } } }),
    gemini: called.gemini({ thoughtSignature: 'c2ln' }),
  },
  'refusals in words': {
    'openai-chat': chat({ content: null, refusal: 'no' }),
    'openai-responses': responses([output({ type: 'refusal', refusal: 'no' })]),
  },
  citations: {
    'openai-chat': chat({
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://x.com', title: 'x', start_index: 0, end_index: 2 },
        },
      ],
    }),
    'openai-responses': responses([
      output(
        words({
          annotations: [
            {
              type: 'url_citation',
              url: 'https://x.com',
              title: 'x',
              start_index: 0,
              end_index: 2,
            },
          ],
        }),
      ),
    ]),
    'anthropic-messages': messages([
      {
        ...text,
        citations: [
          {
            type: 'char_location',
            cited_text: 'hi',
            document_index: 0,
            document_title: null,
            start_char_index: 0,
            end_char_index: 2,
          },
        ],
      },
    ]),
    'bedrock-converse': converse([
      { citationsContent: { content: [{ text: 'hi' }], citations: [{ title: 'x' }] } },
    ]),
    gemini: gemini([{ text: 'hi' }], {
      citationMetadata: { citationSources: [{ uri: 'https://x.com', startIndex: 0, endIndex: 2 }] },
    }),
  },
  'work of tools that the vendor runs': {
    'openai-responses': responses([
      {
        type: 'web_search_call',
        id: 'ws_1',
        status: 'completed',
        action: { type: 'search', query: 'q' },
      },
      output(words()),
    ]),
    'anthropic-messages': messages([
      { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'q' } },
      text,
    ]),
    'bedrock-converse': converse([
      {
        toolUse: { toolUseId: 't', name: 'nova_grounding', input: {}, type: 'server_tool_use' },
      },
      { text: 'hi' },
    ]),
    gemini: gemini([{ executableCode: { language: 'PYTHON', code: '1' } }, { text: 'hi' }]),
  },
  'logprobs of the answer': {
    'openai-chat': chat({}, { logprobs: { content: tokens, refusal: null } }),
    'openai-responses': responses([output(words({ logprobs: tokens }))]),
    gemini: gemini([{ text: 'hi' }], {
      logprobsResult: { chosenCandidates: [{ token: 'hi', logProbability: -0.5 }] },
    }),
  },
  'several answers': {
    'openai-chat': chat(
      {},
      {},
      {
        choices: [0, 1].map(index => ({
          index,
          message: { role: 'assistant', content: 'hi' },
          finish_reason: 'stop',
        })),
      },
    ),
    gemini: gemini(
      [],
      {},
      {
        candidates: [0, 1].map(index => ({
          index,
          content: { role: 'model', parts: [{ text: 'hi' }] },
          finishReason: 'STOP',
        })),
      },
    ),
  },
};

export const endingSamples: Samples = {
  'the model has ended': contentSamples['text of the answer']!,
  'a tool is to be called': contentSamples['calls of tools']!,
  'the answer is cut at its most tokens': {
    'openai-chat': chat({}, { finish_reason: 'length' }),
    'openai-responses': responses(undefined, {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    }),
    'anthropic-messages': messages(undefined, { stop_reason: 'max_tokens' }),
    'bedrock-converse': converse(undefined, { stopReason: 'max_tokens' }),
    gemini: gemini(undefined, { finishReason: 'MAX_TOKENS' }),
  },
  'the stop sequence that was met': {
    'anthropic-messages': messages(undefined, {
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    }),
    'bedrock-converse': converse(undefined, {
      stopReason: 'stop_sequence',
      additionalModelResponseFields: { stop_sequence: 'END' },
    }),
  },
  'the context is full': {
    'anthropic-messages': messages(undefined, { stop_reason: 'model_context_window_exceeded' }),
    'bedrock-converse': converse(undefined, { stopReason: 'model_context_window_exceeded' }),
  },
  'the model refused': {
    'anthropic-messages': messages(undefined, { stop_reason: 'refusal' }),
  },
  'a filter blocked the answer': {
    'openai-chat': chat({}, { finish_reason: 'content_filter' }),
    'openai-responses': responses(undefined, {
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    }),
    'bedrock-converse': converse(undefined, { stopReason: 'guardrail_intervened' }),
    gemini: gemini(undefined, { finishReason: 'SAFETY' }),
  },
  'a filter blocked the prompt': {
    gemini: {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: usage.gemini,
      modelVersion: 'gemini-3-pro',
      responseId: 'r1',
    },
  },
  'a call that cannot be read': {
    'bedrock-converse': converse(undefined, { stopReason: 'malformed_tool_use' }),
    gemini: gemini(undefined, { finishReason: 'MALFORMED_FUNCTION_CALL' }),
  },
  'the vendor paused the turn': {
    'anthropic-messages': messages(undefined, { stop_reason: 'pause_turn' }),
  },
  'usage: input and output': contentSamples['text of the answer']!,
  'usage: read from the cache': {
    'openai-chat': chat(
      {},
      {},
      {
        usage: { ...usage.chat, prompt_tokens_details: { cached_tokens: 4 } },
      },
    ),
    'openai-responses': responses(undefined, {
      usage: { ...usage.responses, input_tokens_details: { cached_tokens: 4 } },
    }),
    'anthropic-messages': messages(undefined, {
      usage: { ...usage.messages, cache_read_input_tokens: 4 },
    }),
    'bedrock-converse': converse(undefined, {
      usage: { ...usage.converse, cacheReadInputTokens: 4 },
    }),
    gemini: gemini(
      undefined,
      {},
      {
        usageMetadata: { ...usage.gemini, cachedContentTokenCount: 4 },
      },
    ),
  },
  'usage: written to the cache': {
    'openai-chat': chat(
      {},
      {},
      {
        usage: {
          ...usage.chat,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 3 },
        },
      },
    ),
    'openai-responses': responses(undefined, {
      usage: {
        ...usage.responses,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 3 },
      },
    }),
    'anthropic-messages': messages(undefined, {
      usage: { ...usage.messages, cache_creation_input_tokens: 3 },
    }),
    'bedrock-converse': converse(undefined, {
      usage: { ...usage.converse, cacheWriteInputTokens: 3 },
    }),
  },
  'usage: reasoning': {
    'openai-chat': chat(
      {},
      {},
      {
        usage: { ...usage.chat, completion_tokens_details: { reasoning_tokens: 2 } },
      },
    ),
    'openai-responses': responses(undefined, {
      usage: { ...usage.responses, output_tokens_details: { reasoning_tokens: 2 } },
    }),
    'anthropic-messages': messages(undefined, {
      usage: { ...usage.messages, output_tokens_details: { thinking_tokens: 2 } },
    }),
    gemini: gemini(undefined, {}, { usageMetadata: { ...usage.gemini, thoughtsTokenCount: 2 } }),
  },
  'the service tier that served it': {
    'openai-chat': chat({}, {}, { service_tier: 'priority' }),
    'openai-responses': responses(undefined, { service_tier: 'priority' }),
    'anthropic-messages': messages(undefined, {
      usage: { ...usage.messages, service_tier: 'priority' },
    }),
    'bedrock-converse': converse(undefined, { serviceTier: { type: 'priority' } }),
    gemini: gemini(undefined, {}, { usageMetadata: { ...usage.gemini, serviceTier: 'priority' } }),
  },
};
