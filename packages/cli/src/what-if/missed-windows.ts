// What a scenario says of a time that the traffic does not have: short traffic ends before an
// outage begins, and the figures then look as if it did no harm.

import { sinceStart, windowsMeet } from '@entrepot/catalog/window';
import type { WorldEntry } from '@entrepot/catalog/world';
import type { Case } from '@entrepot/replay/what-if/case';

/** A sentence for each entry that holds only before or after the traffic. */
export function missedWindows(
  { title, world }: Case,
  startUnixMs: number | null,
  spanMs: number,
): readonly string[] {
  const { outages, limits, latency, provisioned, commitments } = world;
  const entries: readonly WorldEntry[] = [
    ...outages,
    ...limits,
    ...latency,
    ...provisioned,
    ...commitments,
  ];
  const traffic = { clock: 'since-start', fromMs: 0, untilMs: spanMs + 1 } as const;
  return entries.flatMap(({ place, window }) => {
    const own = sinceStart(window, startUnixMs);
    if (own === null || windowsMeet(own, traffic)) return [];
    const when =
      own.fromMs > spanMs ? 'begins after the traffic has ended' : 'ends before it begins';
    return `${title} (line ${place.line}) ${when}: it has no effect`;
  });
}
