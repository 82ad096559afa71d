// Paths of the canonical request in the words of a Responses caller.

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

/**
 * The caller's own field. Places inside messages are left out: items are gathered to messages
 * when a request is read, so that their numbers are not the caller's.
 */
export function fieldName(canonicalPath: string): string {
  const own = /^extensions\.(?:fields\.)?(.+)$/.exec(canonicalPath)?.[1];
  if (own !== undefined) return own;
  if (Object.hasOwn(names, canonicalPath)) return names[canonicalPath]!;
  const head = /^[^.[]*/.exec(canonicalPath)![0];
  return Object.hasOwn(names, head) ? names[head]! : head;
}
