// Paths of the canonical request in the words of a Chat Completions caller.

import { fieldNamer } from '../field-namer.ts';

const names: Readonly<Record<string, string>> = {
  maxOutputTokens: 'max_completion_tokens',
  topP: 'top_p',
  topK: 'top_k',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  candidates: 'n',
  logitBias: 'logit_bias',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  responseFormat: 'response_format',
  reasoning: 'reasoning_effort',
  serviceTier: 'service_tier',
  promptCacheKey: 'prompt_cache_key',
  cache: 'cache_control',
  includeUsage: 'stream_options.include_usage',
};

const paths: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(names).map(([path, name]) => [name, path])),
  max_tokens: 'maxOutputTokens',
  top_logprobs: 'logprobs',
};
const unchanged: ReadonlySet<string> = new Set([
  'logprobs',
  'metadata',
  'seed',
  'stop',
  'store',
  'temperature',
  'tools',
  'user',
]);

/** The other way round: the path of the canonical request that this top-level field says. */
export function canonicalPath(field: string): string {
  if (Object.hasOwn(paths, field)) return paths[field]!;
  return unchanged.has(field) ? field : `extensions.${field}`;
}

/** The caller's own field. */
export const fieldName: (canonicalPath: string) => string = fieldNamer(names, 'choices');
