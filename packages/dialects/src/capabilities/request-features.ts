// Which features of the capability table a request uses, and what became of each on its way: found
// out from the request itself, so that the table is asked only for the words of an emulation.

import type { CanonicalRequest } from '../canonical.ts';
import { cell } from './feature.ts';
import { requestGroups } from './table.ts';
import { type SpokenDialect, type Target, targets } from './targets.ts';

export interface UsedFeature {
  readonly name: string;
  /** `changed`: what the target reads is not the same; its losses say why. */
  readonly became: 'carried' | 'emulated' | 'changed';
  /** In which other way the target is told; null where it is told as it was. */
  readonly how: string | null;
}

/** `again` is the request as the target reads it: of the same dialect, the request itself. */
export function usedFeatures(
  request: CanonicalRequest,
  again: CanonicalRequest,
  from: SpokenDialect,
  to: Pick<Target, 'dialect' | 'model'>,
): readonly UsedFeature[] {
  return requestGroups.flatMap(({ features }) =>
    features.flatMap((feature): UsedFeature[] => {
      const { name } = feature;
      const before = feature.content(request);
      if (before === undefined) return [];
      if (isSame(before, feature.content(again))) return [{ name, became: 'carried', how: null }];
      const verdict = cell(feature, from, nearestTarget(to).id);
      return verdict?.is === 'emulated'
        ? [{ name, became: 'emulated', how: verdict.how }]
        : [{ name, became: 'changed', how: null }];
    }),
  );
}

/** The target of the table that is most like this one. */
function nearestTarget({ dialect, model }: Pick<Target, 'dialect' | 'model'>): Target {
  const alike = targets.filter(target => target.dialect === dialect);
  const likeness = ({ model: other }: Target): number =>
    Number(other.vendor === model.vendor) * 4 +
    Number(other.reasoning === model.reasoning) * 2 +
    Number(other.adaptiveThinking === model.adaptiveThinking);
  return alike.reduce((best, target) => (likeness(target) > likeness(best) ? target : best));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
