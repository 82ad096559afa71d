// Paths of the canonical request in the words of a Converse caller.

import { fieldNamer } from '../field-namer.ts';

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

/** The caller's own field. */
export const fieldName: (canonicalPath: string) => string = fieldNamer(names, 'output');
