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
  // Compiled since pytorch/torchtitan pull request 1033 (merged 2025-04): 16-bit logits and their
  // gradients alone.
  { level: 'framework+age', of: 'torchtitan 2025-01', parameter: 'logitBytes', factor: 1 / 3 },
  { level: 'framework', of: 'foundry', parameter: 'narrowKept', factor: 2 },
  // A cross entropy that works in place (LLM Foundry, fused_crossentropy; Megatron-LM).
  { level: 'framework', of: 'foundry', parameter: 'logitBytes', factor: 0.5 },
  { level: 'framework', of: 'megatron', parameter: 'logitBytes', factor: 0.75 },
  { level: 'framework', of: 'nemo', parameter: 'logitBytes', factor: 0.75 },
  // FlashAttention-2 reaches 35 % of the peak of an H100, FlashAttention-3 and cuDNN 75 % (arXiv
  // 2407.08608); these stacks had the former (LLM Foundry, attn_impl flash; torch, SDPA).
  { level: 'framework+generation', of: 'foundry hopper', parameter: 'attention', factor: 0.55 },
  { level: 'framework+generation', of: 'torchtitan hopper', parameter: 'attention', factor: 0.55 },
  // Code that is not needed is not compiled (XLA); checkpoints of torch stop early since 2.0
  // (torch.utils.checkpoint.set_checkpoint_early_stop). Megatron-LM has its own that do not.
  { level: 'framework', of: 'maxtext', parameter: 'repeatedLast', factor: 0.01 },
  { level: 'framework', of: 'torchtitan', parameter: 'repeatedLast', factor: 0.01 },
  { level: 'framework', of: 'foundry', parameter: 'repeatedLast', factor: 0.01 },
  { level: 'framework', of: 'nemo', parameter: 'latentLayerSeconds', factor: 250 },
  { level: 'framework', of: 'foundry', parameter: 'stepSeconds', factor: 5 },
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
