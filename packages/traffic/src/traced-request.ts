/**
 * One request of a trace: when it came and how long it and its answer were. Nothing of its text.
 */
export interface TracedRequest {
  /** Milliseconds since the first request of the trace. */
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}
