import type { Ms } from './engine.ts';

/** Why an attempt failed, in the classes that decide what happens next. */
export type FailureKind =
  | 'refused' // connection refused, unreachable, DNS: nothing was sent
  | 'connect-timeout'
  | 'reset' // connection lost before the answer began
  | 'first-byte-timeout'
  | 'stall' // the stream went silent
  | 'truncated' // the stream ended without its terminator
  | 'protocol' // not the dialect: HTML, garbage, bad frame
  | 'rate-limit'
  | 'quota' // billing or daily quota: long hold, never the same deployment again
  | 'overloaded'
  | 'server-error'
  | 'auth' // our credential was rejected
  | 'not-found' // the model or deployment is not there
  | 'invalid-request' // the caller's own mistake: never retried, never held against the upstream
  | 'context-length'
  | 'content-filter'
  | 'unsupported' // this deployment cannot carry or read the request, another may
  | 'client-closed';

export interface Failure {
  readonly kind: FailureKind;
  /** What the upstream asked for by retry-after; null is nothing. */
  readonly retryAfterMs: number | null;
}

/** One attempt that is over, as the engine must know it to decide on the next. */
export interface Attempted {
  readonly deployment: string;
  readonly failure: Failure;
  /** When it ended: the back-off counts from here. Absent: the same one is retried at once. */
  readonly endedAtMs?: Ms;
}

/** One attempt that is over, as health must know it. `failure` null is success. */
export interface AttemptOutcome {
  readonly deployment: string;
  readonly failure: Failure | null;
  /** Until the first content; equal to `totalMs` when the answer came as a whole. */
  readonly ttftMs: number | null;
  /** From the start of the attempt, which is taken to have begun this long before `now`. */
  readonly totalMs: number;
  readonly outputTokens: number | null;
}
