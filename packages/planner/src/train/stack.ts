// Software stacks: who runs the step, and of which age. Stacks that share their kernels and their
// way of hiding communication are one.

import type { ChipFamily } from '../chip.ts';

export type Framework =
  | 'megatron'
  | 'nemo'
  | 'megatron-unfused'
  | 'foundry'
  | 'torchtitan'
  | 'maxtext'
  | 'neuron';

/** The stack that jobs on a family of chips are planned for. */
export function usualFramework(family: ChipFamily): Framework {
  if (family === 'tpu') return 'maxtext';
  return family === 'trainium' ? 'neuron' : 'megatron';
}

/** The stack of a framework's name as sources write it, at a date YYYY-MM. */
export function frameworkOf(name: string, date: string): Framework {
  if (/foundry|composer/i.test(name)) return 'foundry';
  if (/titan/i.test(name)) return 'torchtitan';
  if (/maxtext|levanter|jax/i.test(name)) return 'maxtext';
  if (/neuron/i.test(name)) return 'neuron';
  // Fused attention and overlap came to Megatron's line in the course of 2023.
  if (date < '2024') return 'megatron-unfused';
  return /^nemo/i.test(name) ? 'nemo' : 'megatron';
}

/** First months of the ages of software, which differ in kernels and in how experts are run. */
const ages = ['2025-01', '2025-09', '2025-11', '2026-02', '2026-06'];

/** The age of a stack at a date YYYY-MM: its first month, or `earlier`. */
export function stackAge(date: string): string {
  return ages.findLast(age => date >= age) ?? 'earlier';
}
