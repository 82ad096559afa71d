// What a simulated cloud has done so far.

import type { CloudName } from './cloud-name.ts';
import type { FaultKind } from './fault.ts';

export interface CloudStats {
  /** Every call that arrived. */
  readonly requests: number;
  /** Ended with 200, also where a fault made them wrong. */
  readonly answered: number;
  /** Being answered, or stalled. */
  readonly active: number;
  /** Calls whose connection ended before their answer, from either side. */
  readonly broken: number;
  /** Calls by the status that they got. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Of the answers that began. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type SimcloudStats = Readonly<Record<CloudName, CloudStats>>;
