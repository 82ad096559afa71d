// Time as the gateway sees it. The engine and the dialects get it as an argument.

export interface Clock {
  /** Unix time in ms: for records and signatures. */
  unixMs(): number;
  /** Never goes back: for durations and decisions. */
  nowMs(): number;
}

export const systemClock: Clock = {
  unixMs: () => Date.now(),
  nowMs: () => performance.now(),
};
