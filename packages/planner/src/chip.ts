// A chip as the physics needs it, made from the catalog. What is unknown stays null; what is
// computed from it then says what it could not judge.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import type { Precision } from './layout.ts';

/** Chips whose software and links behave alike. */
export type ChipFamily = 'nvidia' | 'tpu' | 'trainium' | 'amd' | 'gaudi' | 'maia' | 'other';

/** How the chips of a scale-up domain are joined. */
export type Fabric = 'switch' | 'torus' | 'mesh';

export interface Chip {
  readonly id: string;
  readonly family: ChipFamily;
  /** Peaks of dense matrix products, operations per second. */
  readonly bf16: number | null;
  readonly fp8: number | null;
  readonly fp4: number | null;
  readonly int8: number | null;
  /** Best matrix product measured, operations per second. */
  readonly gemmBf16: number | null;
  readonly gemmFp8: number | null;
  /** Of the special function units. */
  readonly exponentialsPerSecond: number | null;
  readonly hbmBytes: number | null;
  readonly hbmBytesPerSecond: number | null;
  /** One way, out of one chip, inside the scale-up domain. */
  readonly scaleUpBytesPerSecond: number | null;
  readonly scaleUpChips: number;
  readonly fabric: Fabric;
  /** One way, out of one chip, between scale-up domains. */
  readonly scaleOutBytesPerSecond: number | null;
  readonly chipsPerHost: number | null;
}

const families: Readonly<Record<string, ChipFamily>> = {
  nvidia: 'nvidia',
  amd: 'amd',
  intel: 'gaudi',
  microsoft: 'maia',
};

/** The chip of a catalog accelerator. */
export function chipOf(accelerator: Accelerator): Chip {
  const tera = (value: number | null): number | null => (value === null ? null : value * 1e12);
  const bits = accelerator.networkBitsPerSecond;
  const up = accelerator.scaleUpBytesPerSecond;
  return {
    id: accelerator.id,
    family: familyOf(accelerator),
    bf16: tera(accelerator.denseBf16Tflops),
    fp8: tera(accelerator.denseFp8Tflops),
    fp4: tera(accelerator.denseFp4Tflops),
    int8: tera(accelerator.denseInt8Tops),
    gemmBf16: tera(accelerator.gemmBf16Tflops),
    gemmFp8: tera(accelerator.gemmFp8Tflops),
    exponentialsPerSecond: tera(accelerator.exponentialTops),
    hbmBytes: binaryBytes(accelerator.hbmBytes),
    hbmBytesPerSecond: accelerator.hbmBytesPerSecond,
    scaleUpBytesPerSecond: up,
    scaleUpChips: up === null ? 1 : (accelerator.scaleUpChips ?? 1),
    fabric: fabricOf(accelerator.topology ?? ''),
    scaleOutBytesPerSecond: bits === null ? null : bits / 8,
    chipsPerHost: accelerator.chipsPerHost,
  };
}

/**
 * Memory comes in binary sizes, and makers write GB: what a source gives in whole GB is so many
 * GiB (an H100 of 80 GB reports 81,559 MiB, a GB200 of 186 GB 189,471 MiB).
 */
function binaryBytes(bytes: number | null): number | null {
  return bytes !== null && bytes % 1e9 === 0 ? (bytes / 1e9) * 2 ** 30 : bytes;
}

function familyOf(accelerator: Accelerator): ChipFamily {
  if (/^TPU/i.test(accelerator.id)) return 'tpu';
  if (/^(Trainium|Inferentia)/i.test(accelerator.id)) return 'trainium';
  return families[accelerator.vendor.toLowerCase()] ?? 'other';
}

function fabricOf(topology: string): Fabric {
  if (/torus|ring/i.test(topology)) return 'torus';
  return /mesh|all-to-all inside/i.test(topology) ? 'mesh' : 'switch';
}

const generations: readonly (readonly [RegExp, string])[] = [
  [/^V100/, 'volta'],
  [/^A100/, 'ampere'],
  [/^(H100|H200|GH200)/, 'hopper'],
  [/^(B|GB)[23]00/, 'blackwell'],
  [/^MI300|^MI325/, 'cdna3'],
  [/^MI35/, 'cdna4'],
];

/** Chips of one design, which run the same kernels; a chip's own id where it stands alone. */
export function generationOf(chip: Chip): string {
  return generations.find(([pattern]) => pattern.test(chip.id))?.[1] ?? chip.id;
}

/** Peak of matrix products in this precision; the next wider one where the chip has none. */
export function peakFlops(chip: Chip, precision: Precision): number | null {
  if (precision === 'nvfp4') return chip.fp4 ?? chip.fp8 ?? chip.bf16;
  if (precision === 'int8') return chip.int8 ?? chip.bf16;
  return precision === 'bf16' ? chip.bf16 : (chip.fp8 ?? chip.bf16);
}

/**
 * One of the ranks that software sees on a chip as a chip of its own: a NeuronCore of a Trainium,
 * a device of a TPU v7. Bandwidths, peaks and memory are shared out evenly.
 */
export function rankOf(chip: Chip, ranks: number): Chip {
  if (ranks === 1) return chip;
  const share = (value: number | null): number | null => (value === null ? null : value / ranks);
  return {
    ...chip,
    bf16: share(chip.bf16),
    fp8: share(chip.fp8),
    fp4: share(chip.fp4),
    int8: share(chip.int8),
    gemmBf16: share(chip.gemmBf16),
    gemmFp8: share(chip.gemmFp8),
    exponentialsPerSecond: share(chip.exponentialsPerSecond),
    hbmBytes: share(chip.hbmBytes),
    hbmBytesPerSecond: share(chip.hbmBytesPerSecond),
    scaleUpBytesPerSecond: share(chip.scaleUpBytesPerSecond),
    scaleUpChips: chip.scaleUpChips * ranks,
    scaleOutBytesPerSecond: share(chip.scaleOutBytesPerSecond),
    chipsPerHost: chip.chipsPerHost === null ? null : chip.chipsPerHost * ranks,
  };
}
