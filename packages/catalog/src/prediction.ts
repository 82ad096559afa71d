// How an offer is expected to answer before anything of it was measured: what a plan computed for
// the load that it was made for, and how far such predictions have been off.

export interface PredictedTime {
  /** Median at that load. */
  readonly ms: number;
  /** Deviation of the logarithm from one answer to the next. */
  readonly spread: number;
  /** Median error of such predictions where they were measured, as a share. */
  readonly error: number;
  /** What each request under way adds, as a share of an idle offer's time. */
  readonly growth: number;
}

export interface PredictedFirstToken extends PredictedTime {
  /** On top of `ms`, which is of an empty prompt. */
  readonly msPerInputToken: number;
}

export interface Prediction {
  /** What predicted it, and on what ground. */
  readonly by: string;
  /** The load that the times are of, and the requests that are under way at it. */
  readonly requestsPerSecond: number;
  readonly underWay: number;
  readonly ttft: PredictedFirstToken;
  /** Of each further token. */
  readonly token: PredictedTime;
}
