// A context for encoders and decoders under test.

import type { AnswerContext, TargetModel } from '@entrepot/dialects/dialect';

export const answerContext: AnswerContext = {
  id: 'req_1',
  model: 'model-of-context',
  createdSeconds: 1_700_000_000,
  includeUsage: true,
};

/** A model of another vendor that takes everything: nothing is left out for its sake. */
export const plainTarget: TargetModel = {
  name: 'target-model',
  vendor: 'example',
  maxOutputTokens: null,
  reasoning: true,
  jsonSchema: true,
};
