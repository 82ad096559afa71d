// Where the fit begins: usual parameters, and what is known of stacks from how they are built and
// not from the times of runs (how a loss is computed, what is kept in which precision).

import type { Factor, Fitted } from '../../packages/planner/src/train/fitted.ts';
import { usualParameters } from '../../packages/planner/src/train/step-parameters.ts';

const known: readonly Factor[] = [
  { level: 'framework', of: 'megatron-unfused', parameter: 'scoreBytes', factor: 500 },
  // Selective checkpoints of operators: every second product again (torchtitan, models/llama3).
  { level: 'framework', of: 'torchtitan', parameter: 'selective', factor: 8 },
  { level: 'framework', of: 'torchtitan', parameter: 'selectiveKept', factor: 0.72 },
  { level: 'framework', of: 'torchtitan', parameter: 'logitBytes', factor: 1.5 },
  { level: 'framework', of: 'torchtitan', parameter: 'narrowKept', factor: 2 },
  { level: 'framework', of: 'foundry', parameter: 'narrowKept', factor: 2 },
  // A cross entropy that works in place (LLM Foundry, fused_crossentropy; Megatron-LM).
  { level: 'framework', of: 'foundry', parameter: 'logitBytes', factor: 0.5 },
  { level: 'framework', of: 'megatron', parameter: 'logitBytes', factor: 0.75 },
  { level: 'framework', of: 'nemo', parameter: 'logitBytes', factor: 0.75 },
  { level: 'framework', of: 'nemo', parameter: 'latentLayerSeconds', factor: 250 },
  { level: 'framework', of: 'foundry', parameter: 'stepSeconds', factor: 5 },
  // Softmax takes as long as the products: exponentials a second grew less than products did, and
  // were doubled with Blackwell Ultra.
  { level: 'chip', of: 'B200', parameter: 'attention', factor: 0.8 },
  { level: 'chip', of: 'GB200', parameter: 'attention', factor: 0.8 },
  { level: 'chip', of: 'B300', parameter: 'attention', factor: 1.1 },
  { level: 'chip', of: 'GB300', parameter: 'attention', factor: 1.1 },
  // A loss in parts, no working copy of the weights, little of the memory taken by the runtime.
  { level: 'family', of: 'tpu', parameter: 'logitTokens', factor: 8192e-9 },
  { level: 'family', of: 'tpu', parameter: 'reservedBytes', factor: 0.2 },
  { level: 'framework', of: 'maxtext', parameter: 'weightBytes', factor: 0.02 },
];

export const startOfFit: Fitted = {
  fittedOn: '',
  source: '',
  rows: 0,
  loss: 0,
  base: usualParameters,
  factors: known,
  accuracy: [],
};
