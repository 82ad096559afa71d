// Every field that a request of each dialect is known to have, with a value that asks for
// something, and a request to which it can be added. Sources: the OpenAPI of openai (2.3.0), the
// SDKs of Anthropic, AWS and Google (seen 2026-11-24).

import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import { chat, converse, type Fields, gemini, messages, responses } from './samples/body.ts';

export interface FieldSample {
  /** The path: members are joined by dots, and a number is the place in a list. */
  readonly field: string;
  readonly value: unknown;
}

const schema = { type: 'object', properties: {}, additionalProperties: false };
const one = (field: string, value: unknown): FieldSample => ({ field, value });

const chatTool = (name: string): Fields => ({
  type: 'function',
  function: { name, parameters: schema },
});
const chatPart = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };

/** What fields are added to. */
export const bases: Readonly<Record<SpokenDialect, Fields>> = {
  'openai-chat': chat({
    messages: [{ role: 'user', content: [chatPart, { type: 'text', text: 'a' }] }],
    tools: ['f', 'g'].map(chatTool),
  }),
  'openai-responses': responses({
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          { type: 'input_text', text: 'a' },
        ],
      },
    ],
    tools: ['f', 'g'].map(name => ({ type: 'function', name, parameters: schema, strict: false })),
  }),
  'anthropic-messages': messages({
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
          },
          { type: 'text', text: 'a' },
        ],
      },
    ],
    tools: ['f', 'g'].map(name => ({ name, input_schema: schema })),
  }),
  'bedrock-converse': converse({
    messages: [
      {
        role: 'user',
        content: [
          { document: { format: 'pdf', name: 'paper', source: { bytes: 'AAAA' } } },
          { text: 'a' },
        ],
      },
    ],
    toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: schema } } }] },
  }),
  gemini: gemini({
    contents: [
      {
        role: 'user',
        parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }, { text: 'a' }],
      },
    ],
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: schema }] }],
  }),
};

export const requestFields: Readonly<Record<SpokenDialect, readonly FieldSample[]>> = {
  'openai-chat': [
    one('audio', { voice: 'alloy', format: 'mp3' }),
    one('frequency_penalty', 0.5),
    one('logit_bias', { '5': 1 }),
    one('logprobs', true),
    one('max_completion_tokens', 50),
    one('max_tokens', 50),
    one('metadata', { a: 'b' }),
    one('modalities', ['text', 'audio']),
    one('moderation', { model: 'omni' }),
    one('n', 2),
    one('parallel_tool_calls', false),
    one('prediction', { type: 'content', content: 'x' }),
    one('presence_penalty', 0.5),
    one('prompt_cache_key', 'k'),
    one('prompt_cache_options', { ttl: '30m' }),
    one('prompt_cache_retention', '24h'),
    one('reasoning_effort', 'high'),
    one('response_format', { type: 'json_object' }),
    one('safety_identifier', 'u'),
    one('seed', 7),
    one('service_tier', 'priority'),
    one('stop', ['END']),
    one('store', true),
    one('temperature', 0.3),
    one('tool_choice', 'required'),
    one('top_k', 5),
    one('top_p', 0.5),
    one('user', 'u'),
    one('verbosity', 'low'),
    one('web_search_options', { search_context_size: 'low' }),
    one('messages.0.name', 'ada'),
    one('messages.0.content.0.image_url.detail', 'low'),
    one('messages.0.content.1.cache_control', { type: 'ephemeral' }),
    one('messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit' }),
    one('tools.0.function.description', 'd'),
    one('tools.0.function.strict', true),
  ],
  'openai-responses': [
    one('background', true),
    one('context_management', [{ type: 'compaction', compact_threshold: 1000 }]),
    one('conversation', 'conv_1'),
    one('include', ['message.output_text.logprobs']),
    one('instructions', 'be brief'),
    one('max_output_tokens', 50),
    one('max_tool_calls', 3),
    one('metadata', { a: 'b' }),
    one('moderation', { model: 'omni' }),
    one('parallel_tool_calls', false),
    one('previous_response_id', 'resp_1'),
    one('prompt', { id: 'p' }),
    one('prompt_cache_key', 'k'),
    one('prompt_cache_options', { ttl: '30m' }),
    one('prompt_cache_retention', '24h'),
    one('reasoning', { effort: 'high' }),
    one('reasoning.summary', 'detailed'),
    one('safety_identifier', 'u'),
    one('service_tier', 'priority'),
    one('store', true),
    one('stream_options', { include_obfuscation: true }),
    one('temperature', 0.3),
    one('text.format', { type: 'json_object' }),
    one('text.verbosity', 'low'),
    one('tool_choice', 'required'),
    one('top_logprobs', 3),
    one('top_p', 0.5),
    one('truncation', 'auto'),
    one('user', 'u'),
    one('input.0.content.0.detail', 'low'),
    one('input.0.content.1.prompt_cache_breakpoint', { mode: 'explicit' }),
    one('tools.0.description', 'd'),
    one('tools.0.strict', true),
    one('tools.0.defer_loading', true),
  ],
  'anthropic-messages': [
    one('cache_control', { type: 'ephemeral' }),
    one('container', 'c'),
    one('context_management', { edits: [], x: 1 }),
    one('inference_geo', 'us'),
    one('mcp_servers', [{ type: 'url', url: 'https://x.com', name: 'x' }]),
    one('metadata', { user_id: 'u' }),
    one('output_config', { effort: 'high' }),
    one('output_config.format', { type: 'json_schema', schema }),
    one('service_tier', 'standard_only'),
    one('stop_sequences', ['END']),
    one('system', 'be brief'),
    one('temperature', 0.3),
    one('thinking', { type: 'enabled', budget_tokens: 2000 }),
    one('tool_choice', { type: 'any' }),
    one('tool_choice', { type: 'auto', disable_parallel_tool_use: true }),
    one('top_k', 5),
    one('top_p', 0.5),
    one('messages.0.content.0.title', 'paper'),
    one('messages.0.content.0.context', 'from 1990'),
    one('messages.0.content.0.citations', { enabled: true }),
    one('messages.0.content.1.cache_control', { type: 'ephemeral', ttl: '1h' }),
    one('tools.0.description', 'd'),
    one('tools.0.strict', true),
    one('tools.0.cache_control', { type: 'ephemeral' }),
    one('tools.0.eager_input_streaming', true),
    one('tools.0.defer_loading', true),
    one('tools.0.input_examples', [{}]),
    one('tools.0.allowed_callers', ['code_execution_20250825']),
  ],
  'bedrock-converse': [
    one('additionalModelRequestFields', { top_k: 5 }),
    one('additionalModelRequestFields.thinking', { type: 'enabled', budget_tokens: 2000 }),
    one('additionalModelRequestFields.anthropic_beta', ['x']),
    one('additionalModelResponseFieldPaths', ['/usage']),
    one('guardrailConfig', { guardrailIdentifier: 'g', guardrailVersion: '1' }),
    one('inferenceConfig.maxTokens', 50),
    one('inferenceConfig.stopSequences', ['END']),
    one('inferenceConfig.temperature', 0.3),
    one('inferenceConfig.topP', 0.5),
    one('outputConfig.effort', 'high'),
    one('performanceConfig', { latency: 'optimized' }),
    one('promptVariables', { a: { text: 'b' } }),
    one('requestMetadata', { a: 'b' }),
    one('requestMetadata.user', 'u'),
    one('serviceTier', { type: 'priority' }),
    one('system', [{ text: 'be brief' }]),
    one('toolConfig.toolChoice', { any: {} }),
    one('toolConfig.tools.0.toolSpec.description', 'd'),
    one('toolConfig.tools.0.toolSpec.strict', true),
    one('toolConfig.tools.1', { cachePoint: { type: 'default' } }),
    one('messages.0.content.0.document.context', 'from 1990'),
    one('messages.0.content.0.document.citations', { enabled: true }),
    one('messages.0.content.2', { cachePoint: { type: 'default' } }),
    one('messages.0.content.2', { guardContent: { text: { text: 'x' } } }),
  ],
  gemini: [
    one('cachedContent', 'cachedContents/1'),
    one('generationConfig.candidateCount', 2),
    one('generationConfig.enableAffectiveDialog', true),
    one('generationConfig.frequencyPenalty', 0.5),
    one('generationConfig.imageConfig', { aspectRatio: '1:1' }),
    one('generationConfig.maxOutputTokens', 50),
    one('generationConfig.mediaResolution', 'MEDIA_RESOLUTION_LOW'),
    one('generationConfig.presencePenalty', 0.5),
    one('generationConfig.responseLogprobs', true),
    one('generationConfig.responseMimeType', 'application/json'),
    one('generationConfig.responseModalities', ['IMAGE']),
    one('generationConfig.seed', 7),
    one('generationConfig.speechConfig', { languageCode: 'de' }),
    one('generationConfig.stopSequences', ['END']),
    one('generationConfig.temperature', 0.3),
    one('generationConfig.thinkingConfig', { thinkingBudget: 2000 }),
    one('generationConfig.thinkingConfig.includeThoughts', true),
    one('generationConfig.topK', 5),
    one('generationConfig.topP', 0.5),
    one('labels', { a: 'b' }),
    one('safetySettings', [{ category: 'C', threshold: 'T' }]),
    one('serviceTier', 'priority'),
    one('store', true),
    one('systemInstruction', { parts: [{ text: 'be brief' }] }),
    one('toolConfig.functionCallingConfig', { mode: 'ANY' }),
    one('toolConfig.retrievalConfig', { languageCode: 'de' }),
    one('contents.0.parts.0.mediaResolution', { level: 'MEDIA_RESOLUTION_LOW' }),
    one('contents.0.parts.0.videoMetadata', { fps: 1 }),
    one('tools.0.functionDeclarations.0.description', 'd'),
    one('tools.0.functionDeclarations.0.behavior', 'BLOCKING'),
    one('tools.0.functionDeclarations.0.responseJsonSchema', schema),
  ],
};

/** Always there, or judged with the others. */
export const alwaysThere: Readonly<Record<SpokenDialect, readonly string[]>> = {
  'openai-chat': ['messages', 'model', 'stream', 'stream_options', 'tools', 'top_logprobs'],
  'openai-responses': ['input', 'model', 'stream', 'text', 'tools'],
  'anthropic-messages': ['max_tokens', 'messages', 'model', 'stream', 'tools'],
  'bedrock-converse': ['inferenceConfig', 'messages', 'modelId', 'outputConfig', 'toolConfig'],
  gemini: ['contents', 'generationConfig', 'toolConfig', 'tools'],
};

/**
 * The request with the field in it: an object where there is none, the last of a list as the next.
 */
export function withField(body: Fields, { field, value }: FieldSample): Fields {
  return put(body, field.split('.'), value) as Fields;
}

function put(owner: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(owner)) {
    const list = [...owner];
    list[Number(key)] = put(list[Number(key)], rest, value);
    return list;
  }
  const fields = (owner ?? {}) as Fields;
  return { ...fields, [key]: put(fields[key], rest, value) };
}
