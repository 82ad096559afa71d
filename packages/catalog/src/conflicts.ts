import type { Catalog, Decision } from './catalog.ts';
import type { Claim } from './offer.ts';

/** An offer whose price the sources disagree on, with all that they say. */
export interface Conflict {
  readonly offer: string;
  readonly claims: readonly Claim[];
  /** The price that the catalog goes by, in pico-USD per token; null is unknown. */
  readonly inputPicoUsd: number | null;
  readonly outputPicoUsd: number | null;
  readonly decision: Decision;
}

/** Every disagreement that the catalog knows of, in its order. */
export function conflicts(catalog: Catalog): readonly Conflict[] {
  return catalog.offers.flatMap(record => {
    if (record.decision === null) return [];
    // Claims are of the last day on which the sources were seen: later periods were announced.
    const seenOn =
      record.conflicts
        .map(claim => claim.seenOn)
        .sort()
        .at(-1) ?? '';
    const period = record.periods.findLast(p => p.from === null || p.from <= seenOn);
    return {
      offer: record.id,
      claims: record.conflicts,
      inputPicoUsd: period?.prices.inputPicoUsd ?? null,
      outputPicoUsd: period?.prices.outputPicoUsd ?? null,
      decision: record.decision,
    };
  });
}
