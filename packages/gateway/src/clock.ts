// Time as the gateway sees it. The engine and the dialects get it as an argument.

export interface Clock {
  /** Unix time in ms: for records and signatures. */
  unixMs(): number;
  /** Never goes back: for durations and decisions. */
  nowMs(): number;
}

/** A duration as records have it: what lies beyond microseconds is noise, and costs as text. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

export const systemClock: Clock = {
  unixMs: () => Date.now(),
  nowMs: () => performance.now(),
};
