import type { Offer } from '@entrepot/catalog/offer';
import type { Operation } from './intent.ts';

/** An offer that the operator can use. Credentials and endpoints stay with the gateway. */
export interface Deployment {
  readonly id: string;
  readonly offer: Offer;
  /** For the objective `priority`: lower is tried first. */
  readonly priority: number;
  /** Expected time to first token before anything was measured; null is unknown. */
  readonly expectedTtftMs: number | null;
  /** What it can be asked for; absent: to generate alone. */
  readonly operations?: readonly Operation[];
}

export type Objective = 'cost' | 'latency' | 'balanced' | 'priority';

export interface Constraints {
  /** Time to first token, median, that a candidate must be expected to meet. */
  readonly maxTtftMs: number | null;
  /** Residencies that are allowed; null allows all. */
  readonly residency: readonly string[] | null;
  /** Ceilings in pico-USD per token; an offer of unknown price does not pass one. */
  readonly maxInputPicoUsd: number | null;
  readonly maxOutputPicoUsd: number | null;
  /**
   * Lock-in cap: largest share (0..1] of recent spend that one cloud may have; null is no cap. A
   * cloud at its cap is used only when no other can serve.
   */
  readonly maxShare: number | null;
}

export interface Policy {
  readonly objective: Objective;
  readonly constraints: Constraints;
}

export interface Route {
  readonly name: string;
  readonly policy: Policy;
  readonly deployments: readonly Deployment[];
}
