// How often a seller takes spot capacity back. AWS's Spot Instance Advisor sorts instance types by
// the share that is interrupted in a month: under 5 %, 5 to 10, ... over 20 %. Those are the low
// end and, at 15 %, the middle; the high end is a type in short supply that lives 20 days.

import type { Interval } from '../interval.ts';

/** Per host and day. */
export const reclaimedPerHostDay: Interval = { low: 0.05 / 30, likely: 0.15 / 30, high: 0.05 };
