// What it takes to leave clouds with the traffic behind one.

import { sinceStart } from '@entrepot/catalog/window';
import type { SwitchingCost, World } from '@entrepot/catalog/world';
import type { ReplayResult } from '../result/replay-result.ts';

/** What holds when the last request has come. */
export function switchingAfter(
  { lastMs }: Pick<ReplayResult, 'lastMs'>,
  { switching }: World,
  startUnixMs: number | null,
): SwitchingCost[] {
  return switching.filter(cost => {
    const window = sinceStart(cost.window, startUnixMs);
    return window !== null && window.fromMs <= (lastMs ?? 0) && (lastMs ?? 0) < window.untilMs;
  });
}
