// When something holds during traffic that is replayed: counted from the traffic's start, so that
// it fits any traffic, or on days of the calendar, which traffic without dates never meets.

/** [fromMs, untilMs); the ends may be infinite. */
export interface Window {
  /** `since-start`: ms from the first request's time; `unix`: ms since 1970 in UTC. */
  readonly clock: 'since-start' | 'unix';
  readonly fromMs: number;
  readonly untilMs: number;
}

/** All the traffic, whenever it was. */
export const wholeTraffic: Window = {
  clock: 'since-start',
  fromMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.POSITIVE_INFINITY,
};

/**
 * The window in ms since the start of traffic that began at `startUnixMs`. null when the window is
 * on days of the calendar and the traffic is not.
 */
export function sinceStart(window: Window, startUnixMs: number | null): Window | null {
  if (window.clock === 'since-start') return window;
  if (startUnixMs === null) return null;
  const { fromMs, untilMs } = window;
  return {
    clock: 'since-start',
    fromMs: fromMs - startUnixMs,
    untilMs: untilMs - startUnixMs,
  };
}

/** Whether there may be a moment in both; on different clocks there may. */
export function windowsMeet(a: Window, b: Window): boolean {
  if (a.clock !== b.clock) return true;
  return a.fromMs < b.untilMs && b.fromMs < a.untilMs;
}
