// What the primary and its workers say to each other.

import type { Rest } from '@entrepot/engine/rest';
import type { Spent } from '@entrepot/engine/spend';
import type { Counts } from './counts.ts';

export interface Start {
  /** What the worker makes its configuration of. */
  readonly input: unknown;
  readonly port: number;
  /** false: workers share the primary's handle. */
  readonly reusePort: boolean;
  /** What all have spent lately. */
  readonly spent: readonly Spent[];
}

/** What the primary alone knows. */
export interface FleetCounts {
  readonly counts: Counts;
  readonly ready: number;
  readonly restarts: number;
}

export type ToWorker =
  | { readonly type: 'start'; readonly start: Start }
  /** Finish what is open and end. */
  | { readonly type: 'stop' }
  /** Asks for `counts` with the same n. */
  | { readonly type: 'count'; readonly n: number }
  | { readonly type: 'sum'; readonly n: number; readonly sum: FleetCounts }
  /** What another worker has spent, and found resting. */
  | { readonly type: 'spent'; readonly spent: readonly Spent[] }
  | { readonly type: 'rests'; readonly rests: readonly Rest[] };

export type FromWorker =
  | { readonly type: 'ready' }
  /** It could not start, and ends. */
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }
  /** n null: told unasked, now and then and at the end. */
  | { readonly type: 'counts'; readonly n: number | null; readonly counts: Counts }
  /** Asks for the sum over all workers. */
  | { readonly type: 'sum'; readonly n: number }
  | { readonly type: 'spent'; readonly spent: readonly Spent[] }
  | { readonly type: 'rests'; readonly rests: readonly Rest[] };
