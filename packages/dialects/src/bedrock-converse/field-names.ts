// Paths of the canonical request in the words of a Converse caller.

const names: Readonly<Record<string, string>> = {
  model: 'modelId',
  maxOutputTokens: 'inferenceConfig.maxTokens',
  temperature: 'inferenceConfig.temperature',
  topP: 'inferenceConfig.topP',
  stop: 'inferenceConfig.stopSequences',
  topK: 'additionalModelRequestFields.top_k',
  tools: 'toolConfig.tools',
  toolChoice: 'toolConfig.toolChoice',
  responseFormat: 'outputConfig.textFormat',
  reasoning: 'additionalModelRequestFields.thinking',
  'reasoning.effort': 'additionalModelRequestFields.output_config.effort',
  'reasoning.budgetTokens': 'additionalModelRequestFields.thinking.budget_tokens',
  'reasoning.display': 'additionalModelRequestFields.thinking.display',
  user: 'requestMetadata.user',
  metadata: 'requestMetadata',
  cache: 'cachePoint',
};

/**
 * The caller's own field. Places inside messages are left out: the system prompt counts as one of
 * them in the canonical form, so that its numbers are not the caller's.
 */
export function fieldName(canonicalPath: string): string {
  const own = /^extensions\.(?:fields\.)?(.+)$/.exec(canonicalPath)?.[1];
  if (own !== undefined) return own;
  if (Object.hasOwn(names, canonicalPath)) return names[canonicalPath]!;
  const head = /^[^.[]*/.exec(canonicalPath)![0];
  return Object.hasOwn(names, head) ? names[head]! : head;
}
