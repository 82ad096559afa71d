// Where two scenarios cannot both be true. What multiplies (changes by percent, factors) or adds up
// (outages, removals) is no conflict; two different answers to one question are.

import type { Catalog } from './catalog.ts';
import { conflictOf, metBy } from './clash.ts';
import { type Described, matches } from './criteria.ts';
import type { Place } from './fields.ts';
import { readOfferId } from './offer-id.ts';
import type { Problem } from './problem.ts';
import type { AddedOffer, RemovedOffers, Scenario, Span } from './scenario.ts';
import { policyConflicts, worldConflicts } from './world-conflicts.ts';

/** Everything in which `later` contradicts `earlier`. */
export function scenarioConflicts(catalog: Catalog, earlier: Scenario, later: Scenario): Problem[] {
  if (earlier.id === later.id) {
    const place = { file: `scenario ${later.id}`, line: 1 };
    return [{ ...place, field: 'id', message: 'is given twice' }];
  }
  return [
    ...addedTwice(earlier, later),
    ...removedAndMade(catalog, earlier, later),
    ...pricedTwice(catalog, earlier, later),
    ...policyConflicts(earlier.policy, later.policy),
    ...worldConflicts(catalog, earlier.world, later.world),
  ];
}

function addedTwice(earlier: Scenario, later: Scenario): Problem[] {
  return [...later.add, ...later.services].flatMap(entry => {
    const other = [...earlier.add, ...earlier.services].find(({ id }) => id === entry.id);
    if (other === undefined) return [];
    return conflictOf(other.place, entry.place, 'id', `both add ${entry.id}`);
  });
}

/** One takes away what the other adds or prices. */
function removedAndMade(catalog: Catalog, earlier: Scenario, later: Scenario): Problem[] {
  const problems: Problem[] = [];
  for (const [remover, maker] of [
    [earlier, later],
    [later, earlier],
  ] as const) {
    for (const gone of removalsOf(remover)) {
      const clash = (place: Place, what: string): void => {
        const [first, second] = remover === earlier ? [gone.place, place] : [place, gone.place];
        problems.push(conflictOf(first, second, '', what));
      };
      for (const entry of maker.add) {
        if (spansMeet(gone, entry) && removes(gone, described(catalog, maker, entry))) {
          clash(entry.place, `${maker.id} adds ${entry.id}, ${remover.id} removes it`);
        }
      }
      for (const entry of maker.change.filter(change => spansMeet(gone, change))) {
        const offer = catalog.offers.find(o => matches(o, entry.match) && removes(gone, o));
        if (offer === undefined) continue;
        clash(entry.place, `${maker.id} prices ${offer.id}, ${remover.id} removes it`);
      }
    }
  }
  return problems;
}

type Removal = RemovedOffers & { readonly clouds?: readonly string[] };

function removalsOf(scenario: Scenario): readonly Removal[] {
  return [...scenario.remove, ...scenario.exclusive];
}

function removes({ match, clouds }: Removal, offer: Described): boolean {
  return matches(offer, match) && !(clouds?.includes(offer.cloud) ?? false);
}

function described(catalog: Catalog, maker: Scenario, entry: AddedOffer): Described {
  const services = new Map<string, { readonly cloud: string }>(catalog.services);
  for (const service of maker.services) services.set(service.id, service);
  const around = { ...catalog, services };
  // What is wrong with the id is said when the offer is added.
  const name = readOfferId(entry.id, around, () => {});
  const like = catalog.offers.find(o => o.id === entry.like);
  return { ...name, id: entry.id, features: like?.features ?? [] };
}

function pricedTwice(catalog: Catalog, earlier: Scenario, later: Scenario): Problem[] {
  return later.change.flatMap(entry =>
    earlier.change.flatMap(other => {
      const isSet = entry.prices.type === 'set' || other.prices.type === 'set';
      if (!isSet || !spansMeet(entry, other)) return [];
      const offer = metBy(catalog.offers, entry.match, other.match);
      if (offer === null) return [];
      const what = `${earlier.id} and ${later.id} both set prices of ${offer.id}`;
      return conflictOf(other.place, entry.place, '', what);
    }),
  );
}

function spansMeet(a: Span, b: Span): boolean {
  const startsBefore = (x: Span, y: Span): boolean =>
    x.from === null || y.until === null || x.from < y.until;
  return startsBefore(a, b) && startsBefore(b, a);
}
