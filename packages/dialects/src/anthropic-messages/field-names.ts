// Paths of the canonical request in the words of a Messages caller.

const names: Readonly<Record<string, string>> = {
  maxOutputTokens: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  responseFormat: 'output_config.format',
  reasoning: 'thinking',
  'reasoning.effort': 'output_config.effort',
  'reasoning.budgetTokens': 'thinking.budget_tokens',
  'reasoning.display': 'thinking.display',
  user: 'metadata.user_id',
  serviceTier: 'service_tier',
  cache: 'cache_control',
};

/**
 * The caller's own field. Places inside messages are left out: the system prompt counts as a
 * message in the canonical form, so that its numbers are not the caller's.
 */
export function fieldName(canonicalPath: string): string {
  const own = /^extensions\.(?:fields\.)?(.+)$/.exec(canonicalPath)?.[1];
  if (own !== undefined) return own;
  if (Object.hasOwn(names, canonicalPath)) return names[canonicalPath]!;
  const head = /^[^.[]*/.exec(canonicalPath)![0];
  return Object.hasOwn(names, head) ? names[head]! : head;
}
