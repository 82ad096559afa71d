// Why a synchronous job is not spread over regions: what goes between them in every step, against
// what a step takes; and what that traffic costs.

export interface CrossRegion {
  /** Out of and into each region, every step. */
  readonly bytesPerStep: number;
  readonly seconds: number;
  readonly slowdown: number;
  readonly usdPerStep: number;
}

/** Ten links of 100 Gb/s between two regions: more than most can order. */
export const regionLinkBytesPerSecond = 125e9;
/** AWS's list price between regions of the United States; other clouds' are alike. */
const usdPerByte = 0.02e-9;
const gradientBytes = 2;

/**
 * Replicas split over regions reduce bf16 gradients and gather bf16 weights across them: the cut
 * that sends least, since tensor and pipeline cuts send activations of every micro-batch.
 */
export function crossRegion(parameters: number, regions: number, stepSeconds: number): CrossRegion {
  const bytesPerStep = 2 * gradientBytes * parameters * ((regions - 1) / regions);
  const seconds = bytesPerStep / regionLinkBytesPerSecond;
  return {
    bytesPerStep,
    seconds,
    slowdown: (stepSeconds + seconds) / stepSeconds,
    usdPerStep: bytesPerStep * regions * usdPerByte,
  };
}

/** The arithmetic in a sentence. */
export function crossRegionText(
  parameters: number,
  regions: readonly string[],
  stepSeconds: number,
  steps: number,
): string {
  const { bytesPerStep, seconds, slowdown, usdPerStep } = crossRegion(
    parameters,
    regions.length,
    stepSeconds,
  );
  const share = `${regions.length - 1}/${regions.length}`;
  return (
    `${regions.join(' + ')} together would have enough, but a step would send ` +
    `2 x 2 B x ${(parameters / 1e9).toFixed(0)}B x ${share} = ${(bytesPerStep / 1e9).toFixed(0)} GB ` +
    `between them: ${seconds.toFixed(1)} s at 1 Tb/s beside a step of ${stepSeconds.toFixed(1)} s ` +
    `(x${slowdown.toFixed(2)}), and $${((usdPerStep * steps) / 1e6).toFixed(0)}M of traffic in all`
  );
}
