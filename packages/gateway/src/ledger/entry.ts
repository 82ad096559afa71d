// The records of the ledger. A reservation is written before the upstream is called; the entry
// replaces it exactly once, on every way out. Recovery closes a reservation without entry as
// `unknown` at the reserved amount, flagged `estimated`.

export type Outcome =
  | 'ok'
  | 'failed' // the caller got an error, nothing of an answer
  | 'truncated' // the caller got part of an answer and an error event
  | 'client_closed'
  | 'refused' // refused before an upstream was called
  | 'unknown'; // the process died before the end was known

export interface Reservation {
  readonly requestId: string;
  /** Unix ms. */
  readonly startedAtMs: number;
  readonly key: string;
  readonly route: string;
  readonly dialect: string;
  readonly stream: boolean;
  /** The most it can cost; null when a price is unknown. */
  readonly reservedNanoUsd: number | null;
}

export interface AttemptRecord {
  readonly n: number;
  readonly deployment: string;
  readonly offer: string;
  readonly cloud: string;
  readonly model: string;
  /** FailureKind, or null for success. */
  readonly failure: string | null;
  /** HTTP status of the upstream; null when there was none. */
  readonly status: number | null;
  readonly upstreamRequestId: string | null;
  readonly startedAtMs: number;
  readonly ttftMs: number | null;
  readonly totalMs: number;
}

export interface Entry extends Reservation {
  readonly outcome: Outcome;
  /** HTTP status that the caller saw. */
  readonly status: number;
  /** Machine-readable error code that the caller saw; null for none. */
  readonly error: string | null;
  readonly ttftMs: number | null;
  readonly totalMs: number;
  /** What the gateway itself added: total minus the time spent waiting for upstreams. */
  readonly addedMs: number | null;
  /** Of the attempt that answered; null where none did. */
  readonly deployment: string | null;
  readonly offer: string | null;
  readonly cloud: string | null;
  readonly model: string | null;
  readonly inputTokens: number | null;
  readonly cachedReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly usageSource: 'provider' | 'estimated' | null;
  readonly chargeNanoUsd: number | null;
  /** Comma-separated fields that the target could not carry; null for none. */
  readonly lost: string | null;
  readonly attempts: readonly AttemptRecord[];
}
