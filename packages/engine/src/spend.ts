// What was spent lately, by cloud: what the lock-in cap reads. Charges that are unknown are not in
// it, so a cloud whose prices are unknown has no share.

import type { SpendSettings } from './defaults.ts';
import type { Ms } from './engine.ts';
import { addTo, createWindow, sumOf, type Window } from './window.ts';

export interface Spend {
  /** Nano-USD. A cloud is here once it was asked for. */
  readonly clouds: Record<string, Window>;
  /** On all of them. */
  readonly all: Window;
  readonly charges: Window;
  /** What was spent here and nobody else was told of. */
  untold: Spending[];
}

/** What was spent on one cloud, by so many charges. */
export interface Spent {
  readonly cloud: string;
  readonly nanoUsd: number;
  readonly charges: number;
}

/** The same while it grows. */
export interface Spending extends Spent {
  nanoUsd: number;
  charges: number;
}

/** Several engines over the same routes, that have one `maxShare`. */
export interface SharesSpend {
  /** What was spent here since this was asked last. */
  takeSpent(): readonly Spent[];
  /** Counts what others have spent. */
  addSpent(spent: readonly Spent[], now: Ms): void;
}

const buckets = 48;

export function createSpend(settings: SpendSettings): Spend {
  const { windowMs } = settings;
  const [all, charges] = [createWindow(windowMs, buckets), createWindow(windowMs, buckets)];
  return { clouds: {}, all, charges, untold: [] };
}

/** What is spent on one cloud, to be kept by whoever asks often. */
export function spendOn(spend: Spend, settings: SpendSettings, cloud: string): Window {
  // Names come from a configuration: one may be called as what every object inherits.
  if (!Object.hasOwn(spend.clouds, cloud)) {
    spend.clouds[cloud] = createWindow(settings.windowMs, buckets);
  }
  return spend.clouds[cloud]!;
}

/** `onCloud` is that of the cloud by `spendOn`. */
export function addSpend(
  spend: Spend,
  onCloud: Window,
  { nanoUsd, charges }: Spent,
  now: Ms,
): void {
  addTo(onCloud, now, nanoUsd);
  addTo(spend.all, now, nanoUsd);
  addTo(spend.charges, now, charges);
}

/** One sum for each cloud: as many as there are clouds, however much was spent. */
export function addUntold(untold: Spending[], { cloud, nanoUsd, charges }: Spent): void {
  for (let i = 0; i < untold.length; i++) {
    const one = untold[i]!;
    if (one.cloud !== cloud) continue;
    one.nanoUsd += nanoUsd;
    one.charges += charges;
    return;
  }
  untold.push({ cloud, nanoUsd, charges });
}

/** All recent spend in nano-USD; 0 while there are too few charges to speak of shares. */
export function spendForShares(spend: Spend, settings: SpendSettings, now: Ms): number {
  if (sumOf(spend.charges, now) < settings.minCharges) return 0;
  return sumOf(spend.all, now);
}
