/** Figures of one chip. Rates are dense (no sparsity). null is unknown. */
export interface AcceleratorFigures {
  readonly firstYear: number | null;
  readonly denseBf16Tflops: number | null;
  readonly denseFp8Tflops: number | null;
  readonly denseFp4Tflops: number | null;
  readonly denseInt8Tops: number | null;
  readonly denseFp32Tflops: number | null;
  /** Best matrix product measured, not the data sheet's peak. */
  readonly gemmBf16Tflops: number | null;
  readonly gemmFp8Tflops: number | null;
  /** Exponentials of the special function units, trillions a second: what a softmax waits for. */
  readonly exponentialTops: number | null;
  readonly hbmBytes: number | null;
  readonly hbmBytesPerSecond: number | null;
  /** One way, out of one chip, inside the scale-up domain. */
  readonly scaleUpBytesPerSecond: number | null;
  /** Chips in one scale-up domain. */
  readonly scaleUpChips: number | null;
  /** Per chip, between hosts. */
  readonly networkBitsPerSecond: number | null;
  readonly tdpWatts: number | null;
  readonly chipsPerHost: number | null;
}

/** Where some of the figures are from. Not verified: recalled, or no source was recorded. */
export interface FigureSource {
  readonly figures: readonly (keyof AcceleratorFigures)[];
  readonly source: string;
  readonly verified: boolean;
}

export interface Accelerator extends AcceleratorFigures {
  /** `H100-SXM`, `Trainium2`, `TPU-v6e`, ... */
  readonly id: string;
  readonly vendor: string;
  /** `cloud`: it can be rented; `internal`: its maker keeps it. */
  readonly availability: 'cloud' | 'internal';
  readonly topology: string | null;
  readonly note: string | null;
  /** Every figure that is known is named in one of them. */
  readonly sources: readonly FigureSource[];
  readonly seenOn: string;
}

/** The figures by name, in the order in which they are shown. */
export const figureNames: readonly (keyof AcceleratorFigures)[] = [
  'firstYear',
  'denseBf16Tflops',
  'denseFp8Tflops',
  'denseFp4Tflops',
  'denseInt8Tops',
  'denseFp32Tflops',
  'gemmBf16Tflops',
  'gemmFp8Tflops',
  'exponentialTops',
  'hbmBytes',
  'hbmBytesPerSecond',
  'scaleUpBytesPerSecond',
  'scaleUpChips',
  'networkBitsPerSecond',
  'tdpWatts',
  'chipsPerHost',
];

/** Whether a figure is known and its source was verified. */
export function isVerified(accelerator: Accelerator, figure: keyof AcceleratorFigures): boolean {
  return accelerator.sources.some(s => s.verified && s.figures.includes(figure));
}
