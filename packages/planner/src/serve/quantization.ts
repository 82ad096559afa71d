// How the weights of a served model are stored and what its matrix products are computed in, by
// the part of the model: checkpoints do not store all parts alike.

import type { Chip } from '../chip.ts';
import type { ServedShape } from '../served-shape.ts';

export type ServingPrecision = 'bf16' | 'fp8' | 'int8' | 'fp4' | 'int4';

export const servingPrecisions: readonly ServingPrecision[] = [
  'bf16',
  'fp8',
  'int8',
  'fp4',
  'int4',
];

/** A part of the weights: bytes of one, operations per second, and which kernels compute it. */
export interface StoredPart {
  readonly bytes: number;
  readonly peak: number;
  readonly kernels: 'wide' | 'eight-bit' | 'four-bit';
}

export interface Quantization {
  readonly attention: StoredPart;
  readonly feedForward: StoredPart;
  readonly experts: StoredPart;
}

/** Four bits, and a byte of scale for 16 weights (NVFP4); 32 and two bytes come to the same. */
const fourBitBytes = 0.5 + 1 / 16;

/** Quantizations of a chip by model kind and precision: made once, fits ask for them often. */
const made = new WeakMap<Chip, Map<string, Quantization>>();

/**
 * How a checkpoint of this precision is stored. With experts, four bits are the experts' (and, in
 * NVFP4, the dense feed-forward parts'): attention stays in bf16. Dense models store all alike.
 */
export function quantizationOf(
  shape: ServedShape,
  chip: Chip,
  precision: ServingPrecision,
): Quantization {
  const byKind = made.get(chip) ?? new Map<string, Quantization>();
  made.set(chip, byKind);
  const kind = `${precision} ${shape.experts === null ? 'dense' : 'experts'}`;
  const found = byKind.get(kind) ?? make(shape, chip, precision);
  byKind.set(kind, found);
  return found;
}

function make(shape: ServedShape, chip: Chip, precision: ServingPrecision): Quantization {
  const bf16 = chip.bf16 ?? 0;
  const wide: StoredPart = { bytes: 2, peak: bf16, kernels: 'wide' };
  if (precision === 'bf16') return { attention: wide, feedForward: wide, experts: wide };
  if (precision === 'fp8' || precision === 'int8') {
    const peak = (precision === 'int8' ? chip.int8 : chip.fp8) ?? bf16;
    const eight: StoredPart = { bytes: 1, peak, kernels: 'eight-bit' };
    return { attention: eight, feedForward: eight, experts: eight };
  }
  // Where a chip has no four-bit products the weights are widened to bf16 on their way.
  const peak = precision === 'int4' ? bf16 : (chip.fp4 ?? bf16);
  const four: StoredPart = { bytes: fourBitBytes, peak, kernels: 'four-bit' };
  if (shape.experts === null) return { attention: four, feedForward: four, experts: four };
  return { attention: wide, feedForward: precision === 'int4' ? wide : four, experts: four };
}
