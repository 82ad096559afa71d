// What a connection of a caller may take, in either version of HTTP.

export interface InboundLimits {
  /** Until a head is whole; of HTTP/2, until a session's first request has come. */
  readonly headMs: number;
  /** Until a request is whole, from its head on. */
  readonly requestMs: number;
  /** Until a connection in which nothing is asked any more is closed. */
  readonly idleMs: number;
  /** Of one request. */
  readonly headBytes: number;
  readonly headers: number;
}
