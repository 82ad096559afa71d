// Canonical samples of the features of tools.

import { chat, converse, type Fields, gemini, messages, responses, type Samples } from './body.ts';

const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const names = ['weather', 'clock'];
const description = 'Tells it.';

const chatTool = (name: string, more: Fields = {}) => ({
  type: 'function',
  function: { name, description, parameters, ...more },
});
const responsesTool = (name: string, more: Fields = {}) => ({
  type: 'function',
  name,
  description,
  parameters,
  strict: false,
  ...more,
});
const messagesTool = (name: string, more: Fields = {}) => ({
  name,
  description,
  input_schema: parameters,
  ...more,
});
const converseTool = (name: string, more: Fields = {}) => ({
  toolSpec: { name, description, inputSchema: { json: parameters }, ...more },
});
const geminiTools = [
  {
    functionDeclarations: names.map(name => ({
      name,
      description,
      parametersJsonSchema: parameters,
    })),
  },
];

const withTools = {
  chat: (fields: Fields = {}) => chat({ tools: names.map(name => chatTool(name)), ...fields }),
  responses: (fields: Fields = {}) =>
    responses({ tools: names.map(name => responsesTool(name)), ...fields }),
  messages: (fields: Fields = {}) =>
    messages({ tools: names.map(name => messagesTool(name)), ...fields }),
  converse: (config: Fields = {}, fields: Fields = {}) =>
    converse({
      toolConfig: { tools: names.map(name => converseTool(name)), ...config },
      ...fields,
    }),
  gemini: (calling: Fields | null = null, fields: Fields = {}) =>
    gemini({
      tools: geminiTools,
      ...(calling === null ? {} : { toolConfig: { functionCallingConfig: calling } }),
      ...fields,
    }),
};

interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Fields;
}
const two: readonly Call[] = [
  { id: 'call_1', name: 'weather', input: { city: 'Oslo' } },
  { id: 'call_2', name: 'clock', input: { city: 'Rome' } },
];
const empty: readonly Call[] = [{ id: 'call_1', name: 'clock', input: {} }];
const one = two.slice(0, 1);

/** A conversation in which these calls were made and answered. */
const called = {
  chat: (calls: readonly Call[], output: unknown = 'it is 7') =>
    withTools.chat({
      messages: [
        { role: 'user', content: 'a' },
        {
          role: 'assistant',
          content: null,
          tool_calls: calls.map(({ id, name, input }) => ({
            id,
            type: 'function',
            function: { name, arguments: Object.keys(input).length ? JSON.stringify(input) : '' },
          })),
        },
        ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: output })),
      ],
    }),
  responses: (calls: readonly Call[], output: unknown = 'it is 7') =>
    withTools.responses({
      input: [
        { role: 'user', content: 'a' },
        ...calls.map(({ id, name, input }) => ({
          type: 'function_call',
          call_id: id,
          name,
          arguments: JSON.stringify(input),
        })),
        ...calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output })),
      ],
    }),
  messages: (calls: readonly Call[], answer: Fields = { content: 'it is 7' }) =>
    withTools.messages({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: calls.map(call => ({ type: 'tool_use', ...call })) },
        {
          role: 'user',
          content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, ...answer })),
        },
      ],
    }),
  converse: (calls: readonly Call[], answer: Fields = { content: [{ text: 'it is 7' }] }) =>
    withTools.converse(
      {},
      {
        messages: [
          { role: 'user', content: [{ text: 'a' }] },
          {
            role: 'assistant',
            content: calls.map(({ id, name, input }) => ({
              toolUse: { toolUseId: id, name, input },
            })),
          },
          {
            role: 'user',
            content: calls.map(({ id }) => ({ toolResult: { toolUseId: id, ...answer } })),
          },
        ],
      },
    ),
  gemini: (calls: readonly Call[], response: Fields = { output: 'it is 7' }, more: Fields = {}) =>
    withTools.gemini(null, {
      contents: [
        { role: 'user', parts: [{ text: 'a' }] },
        {
          role: 'model',
          parts: calls.map(({ id, name, input }) => ({ functionCall: { id, name, args: input } })),
        },
        {
          role: 'user',
          parts: calls.map(({ id, name }) => ({
            functionResponse: { id, name, response, ...more },
          })),
        },
      ],
    }),
};

const png = 'iVBORw0KGgo=';

export const toolSamples: Samples = {
  tools: {
    'openai-chat': withTools.chat(),
    'openai-responses': withTools.responses(),
    'anthropic-messages': withTools.messages(),
    'bedrock-converse': withTools.converse(),
    gemini: withTools.gemini(),
  },
  'a tool must be called': {
    'openai-chat': withTools.chat({ tool_choice: 'required' }),
    'openai-responses': withTools.responses({ tool_choice: 'required' }),
    'anthropic-messages': withTools.messages({ tool_choice: { type: 'any' } }),
    'bedrock-converse': withTools.converse({ toolChoice: { any: {} } }),
    gemini: withTools.gemini({ mode: 'ANY' }),
  },
  'one tool must be called': {
    'openai-chat': withTools.chat({
      tool_choice: { type: 'function', function: { name: 'clock' } },
    }),
    'openai-responses': withTools.responses({ tool_choice: { type: 'function', name: 'clock' } }),
    'anthropic-messages': withTools.messages({ tool_choice: { type: 'tool', name: 'clock' } }),
    'bedrock-converse': withTools.converse({ toolChoice: { tool: { name: 'clock' } } }),
    gemini: withTools.gemini({ mode: 'ANY', allowedFunctionNames: ['clock'] }),
  },
  'no tool may be called': {
    'openai-chat': withTools.chat({ tool_choice: 'none' }),
    'openai-responses': withTools.responses({ tool_choice: 'none' }),
    'anthropic-messages': withTools.messages({ tool_choice: { type: 'none' } }),
    gemini: withTools.gemini({ mode: 'NONE' }),
  },
  'some of the tools may be called': {
    'openai-chat': withTools.chat({
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'clock' } }] },
      },
    }),
    'openai-responses': withTools.responses({
      tool_choice: {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [{ type: 'function', name: 'clock' }],
      },
    }),
    gemini: withTools.gemini({ mode: 'AUTO', allowedFunctionNames: ['clock'] }),
  },
  'one call at a time': {
    'openai-chat': withTools.chat({ parallel_tool_calls: false }),
    'openai-responses': withTools.responses({ parallel_tool_calls: false }),
    'anthropic-messages': withTools.messages({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    }),
  },
  'arguments held to their schema': {
    'openai-chat': chat({ tools: [chatTool('clock', { strict: true })] }),
    'openai-responses': responses({ tools: [responsesTool('clock', { strict: true })] }),
    'anthropic-messages': messages({ tools: [messagesTool('clock', { strict: true })] }),
    'bedrock-converse': converse({
      toolConfig: { tools: [converseTool('clock', { strict: true })] },
    }),
    gemini: withTools.gemini({ mode: 'VALIDATED' }),
  },
  'tools that the vendor runs': {
    'openai-chat': chat({ web_search_options: { search_context_size: 'low' } }),
    'openai-responses': responses({ tools: [{ type: 'web_search' }] }),
    'anthropic-messages': messages({
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    }),
    'bedrock-converse': converse({
      toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] },
    }),
    gemini: gemini({ tools: [{ googleSearch: {} }] }),
  },
  'several calls of one turn': {
    'openai-chat': called.chat(two),
    'openai-responses': called.responses(two),
    'anthropic-messages': called.messages(two),
    'bedrock-converse': called.converse(two),
    gemini: called.gemini(two),
  },
  'a call without arguments': {
    'openai-chat': called.chat(empty),
    'openai-responses': called.responses(empty),
    'anthropic-messages': called.messages(empty),
    'bedrock-converse': called.converse(empty),
    gemini: called.gemini(empty),
  },
  'answers of tools': {
    'openai-chat': called.chat(two),
    'openai-responses': called.responses(two),
    'anthropic-messages': called.messages(two),
    'bedrock-converse': called.converse(two),
    gemini: called.gemini(two),
  },
  'answers of tools that failed': {
    'anthropic-messages': called.messages(one, { content: 'no such city', is_error: true }),
    'bedrock-converse': called.converse(one, {
      content: [{ text: 'no such city' }],
      status: 'error',
    }),
    gemini: called.gemini(one, { error: 'no such city' }),
  },
  'answers of tools with pictures': {
    'openai-responses': called.responses(one, [
      { type: 'input_text', text: 'it is 7' },
      { type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'auto' },
    ]),
    'anthropic-messages': called.messages(one, {
      content: [
        { type: 'text', text: 'it is 7' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
      ],
    }),
    'bedrock-converse': called.converse(one, {
      content: [{ text: 'it is 7' }, { image: { format: 'png', source: { bytes: png } } }],
    }),
    gemini: called.gemini(
      one,
      { output: 'it is 7' },
      {
        parts: [{ inlineData: { mimeType: 'image/png', data: png } }],
      },
    ),
  },
};
