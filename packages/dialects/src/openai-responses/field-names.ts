// Paths of the canonical request in the words of a Responses caller.

import { fieldNamer } from '../field-namer.ts';

const names: Readonly<Record<string, string>> = {
  messages: 'input',
  maxOutputTokens: 'max_output_tokens',
  topP: 'top_p',
  topK: 'top_k',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  candidates: 'n',
  logprobs: 'top_logprobs',
  logitBias: 'logit_bias',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  responseFormat: 'text.format',
  'reasoning.effort': 'reasoning.effort',
  'reasoning.display': 'reasoning.summary',
  serviceTier: 'service_tier',
  promptCacheKey: 'prompt_cache_key',
  cache: 'prompt_cache_breakpoint',
};

/** The caller's own field. */
export const fieldName: (canonicalPath: string) => string = fieldNamer(names, 'output');
