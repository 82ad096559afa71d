// How a simulation is set up. Everything has a default.

import type { CloudName } from './cloud-name.ts';
import type { SimulatedCredentials } from './credentials.ts';
import type { Fault } from './fault.ts';
import type { SimulatedModel } from './model.ts';
import type { QuotaFigures } from './quota.ts';

/** Plain data: it can be sent to a worker thread. */
export interface SimcloudOptions {
  /** The same seed and the same calls in the same order give the same answers. By default 1. */
  readonly seed?: number;
  /** All latencies are divided by it, and a minute of a quota passes that much faster. */
  readonly speed?: number;
  /** `zero` answers at once, for benchmarks. */
  readonly latency?: 'model' | 'zero';
  /** How many tokens one event of a stream carries. By default 8. */
  readonly tokensPerEvent?: number;
  readonly credentials?: Partial<SimulatedCredentials>;
  /** By cloud, in place of the default models. */
  readonly models?: Readonly<Partial<Record<CloudName, readonly SimulatedModel[]>>>;
  /** By cloud; each model has them for itself. */
  readonly quotas?: Readonly<Partial<Record<CloudName, QuotaFigures>>>;
  /** 0, the default, takes a free port. */
  readonly ports?: Readonly<Partial<Record<CloudName | 'control', number>>>;
  /** In force from the start. */
  readonly faults?: Readonly<Partial<Record<CloudName, readonly Fault[]>>>;
}
