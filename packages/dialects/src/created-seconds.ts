// When an upstream says that it answered.

/** The latest that a Date can be (ECMA-262, "Time Values and Time Range"). */
const latestSeconds = 8.64e12;

/** As a field of the canonical answer; nothing where it is no time that could be written. */
export function createdSecondsOf(seconds: number | undefined): { createdSeconds?: number } {
  if (seconds === undefined || !(seconds >= 0 && seconds <= latestSeconds)) return {};
  return { createdSeconds: Math.floor(seconds) };
}
