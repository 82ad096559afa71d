import type { Cloud, Provenance } from './offer.ts';

/** An instance type in one region, with its price there. Money in integer nano-USD per hour. */
export interface InstanceType extends Provenance {
  readonly cloud: Cloud;
  /** What its cloud calls it: `p5.48xlarge`. */
  readonly name: string;
  /** null is unknown, or not sold on demand anywhere. */
  readonly region: string | null;
  /** What its cloud calls the chip: `h100-80gb`. */
  readonly accelerator: string;
  /** Id in the accelerators of the catalog; null when they do not have it. */
  readonly acceleratorId: string | null;
  /** A fraction where a chip is shared (0.5); null is unknown. */
  readonly acceleratorCount: number | null;
  /** Per accelerator. */
  readonly acceleratorMemoryMib: number | null;
  readonly vcpus: number | null;
  readonly memoryGib: number | null;
  readonly onDemandNanoUsdPerHour: number | null;
  readonly spotNanoUsdPerHour: number | null;
}
