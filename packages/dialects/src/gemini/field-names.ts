// Paths of the canonical request in the words of a Gemini caller.

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

/**
 * The caller's own field. Places inside contents and tools are left out: contents are split and
 * merged when a request is read, so that their numbers are not the caller's.
 */
export function fieldName(canonicalPath: string): string {
  const own = /^extensions\.(?:fields\.)?(.+)$/.exec(canonicalPath)?.[1];
  if (own !== undefined) return own;
  const head = /^[^.[]*/.exec(canonicalPath)![0];
  return Object.hasOwn(names, head) ? names[head]! : head;
}
