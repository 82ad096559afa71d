// Paths of the canonical request in the words of a Messages caller.

import { fieldNamer } from '../field-namer.ts';

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

/** The caller's own field. */
export const fieldName: (canonicalPath: string) => string = fieldNamer(names, 'content');
