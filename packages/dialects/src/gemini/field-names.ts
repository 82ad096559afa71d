// Paths of the canonical request in the words of a Gemini caller.

import { fieldNamer } from '../field-namer.ts';

const names: Readonly<Record<string, string>> = {
  messages: 'contents',
  maxOutputTokens: 'generationConfig.maxOutputTokens',
  temperature: 'generationConfig.temperature',
  topP: 'generationConfig.topP',
  topK: 'generationConfig.topK',
  stop: 'generationConfig.stopSequences',
  seed: 'generationConfig.seed',
  frequencyPenalty: 'generationConfig.frequencyPenalty',
  presencePenalty: 'generationConfig.presencePenalty',
  candidates: 'generationConfig.candidateCount',
  logprobs: 'generationConfig.responseLogprobs',
  responseFormat: 'generationConfig.responseMimeType',
  reasoning: 'generationConfig.thinkingConfig',
  toolChoice: 'toolConfig.functionCallingConfig',
};

/** The caller's own field. */
export const fieldName: (canonicalPath: string) => string = fieldNamer(names, 'candidates');
