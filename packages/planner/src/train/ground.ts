// What stays the same over all layouts of a job on a chip: the speeds that its parameters give, and
// the model's counts. Made once, used by every layout that is looked at.

import { type Chip, peakFlops } from '../chip.ts';
import type { Links } from '../collective.ts';
import type { GemmSpeed } from '../gemm.ts';
import type { Precision, TrainingJob } from '../layout.ts';
import { countParameters, expertLayers, type ParameterCount } from '../model-shape.ts';
import type { StepParameters } from './step-parameters.ts';

export interface Ground {
  readonly job: TrainingJob;
  readonly chip: Chip;
  readonly parameters: StepParameters;
  readonly counts: ParameterCount;
  readonly expertLayers: number;
  /** Linear layers in the job's precision; the head stays in bf16. */
  readonly linear: GemmSpeed;
  readonly head: GemmSpeed;
  readonly isNarrow: boolean;
  /** Operations per second of attention at long sequences. */
  readonly attentionFlopsPerSecond: number;
  /** One exponential; 0 where the chip's rate is not known. */
  readonly exponentialSeconds: number;
  readonly streamBytesPerSecond: number;
  readonly links: Links;
  /** The same as an all-to-all finds them. */
  readonly exchangeLinks: Links;
  readonly hbmBytes: number;
  /** Figures of the chip that are not known and were replaced, by name. */
  readonly unknown: readonly string[];
}

/** What the physics stands on, or the names of the figures without which it cannot be. */
export function groundOf(
  job: TrainingJob,
  chip: Chip,
  parameters: StepParameters,
): Ground | { readonly missing: readonly string[] } {
  const bf16 = chip.bf16;
  const peak = peakFlops(chip, job.precision);
  const { hbmBytes, hbmBytesPerSecond } = chip;
  const missing = [
    ...(bf16 === null || peak === null ? ['peak of matrix products'] : []),
    ...(hbmBytes === null ? ['memory'] : []),
    ...(hbmBytesPerSecond === null ? ['memory bandwidth'] : []),
  ];
  if (bf16 === null || peak === null || hbmBytes === null || hbmBytesPerSecond === null) {
    return { missing };
  }
  const stream = hbmBytesPerSecond * parameters.hbm;
  const isNarrow = job.precision !== 'bf16' && peak > bf16;
  const speed = (flopsPerSecond: number, operandBytes: number, rate: number): GemmSpeed => ({
    flopsPerSecond,
    bytesPerSecond: stream,
    operandBytes,
    rate,
    halfSide: parameters.halfSide,
    tile: parameters.tile,
  });
  const links = linksOf(chip, parameters);
  const head = speed(bestGemm(chip, 'bf16', bf16) * parameters.gemmBf16, 2, 1);
  const reached = bestGemm(chip, job.precision, peak) * gemmShare(parameters, job.precision);
  return {
    job,
    chip,
    parameters,
    counts: countParameters(job.model),
    expertLayers: expertLayers(job.model),
    linear: isNarrow ? speed(reached, job.precision === 'nvfp4' ? 0.5 : 1, peak / bf16) : head,
    head,
    isNarrow,
    attentionFlopsPerSecond: bf16 * parameters.attention,
    exponentialSeconds: chip.exponentialsPerSecond === null ? 0 : 1 / chip.exponentialsPerSecond,
    streamBytesPerSecond: stream,
    links,
    exchangeLinks: {
      ...links,
      scaleOutBytesPerSecond: links.scaleOutBytesPerSecond * parameters.exchange,
    },
    hbmBytes,
    unknown: unknownLinks(chip),
  };
}

/** Where no best product was measured: what those that were measured reach of their peaks. */
const usualBest = 0.8;
const usualNarrowBest = 0.73;

/** The best matrix product that the chip has been seen to do, operations per second. */
function bestGemm(chip: Chip, precision: Precision, peak: number): number {
  const bf16 = chip.gemmBf16 ?? (chip.bf16 ?? peak) * usualBest;
  if (precision === 'bf16' || peak === chip.bf16) return bf16;
  const isFp8 = precision === 'fp8' || precision === 'mxfp8';
  return (isFp8 ? chip.gemmFp8 : null) ?? peak * usualNarrowBest;
}

function gemmShare(parameters: StepParameters, precision: Precision): number {
  if (precision === 'bf16') return parameters.gemmBf16;
  if (precision === 'int8') return parameters.gemmInt8;
  return precision === 'nvfp4' ? parameters.gemmFp4 : parameters.gemmFp8;
}

/** A link whose bandwidth is not known is taken for PCIe 5 x8 (inside) or 100 Gb/s (outside). */
const assumedScaleUp = 32e9;
const assumedScaleOut = 12.5e9;

function linksOf(chip: Chip, parameters: StepParameters): Links {
  const up = chip.scaleUpBytesPerSecond ?? assumedScaleUp;
  const out = chip.scaleOutBytesPerSecond ?? assumedScaleOut;
  return {
    scaleUpBytesPerSecond: up * parameters.scaleUp,
    scaleUpSeconds: parameters.scaleUpSeconds,
    scaleOutBytesPerSecond: out * parameters.scaleOut,
    scaleOutSeconds: parameters.scaleOutSeconds,
    scaleOutLoss: parameters.scaleOutLoss,
    domain: chip.scaleUpChips,
  };
}

function unknownLinks(chip: Chip): string[] {
  return [
    ...(chip.scaleUpBytesPerSecond === null ? ['scale-up bandwidth'] : []),
    ...(chip.scaleOutBytesPerSecond === null ? ['network bandwidth'] : []),
  ];
}
