// A host with chips as it can be rented: which instance types a job of many hosts can use, and what
// an hour of one costs on each term. A price that nobody states stays null.

import { type CommittedHost, committedOn } from '@entrepot/catalog/committed-host';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import type { Cloud } from '@entrepot/catalog/offer';

/** `committed`: capacity taken for a term, as a capacity block or a reservation is. */
export type HostTerm = 'on-demand' | 'spot' | 'committed';

export const hostTerms: readonly HostTerm[] = ['on-demand', 'spot', 'committed'];

/** A price that the user knows and the catalog does not, or knows better. */
export interface OwnPrice {
  readonly cloud: Cloud;
  readonly instance: string;
  /** null: in every region. */
  readonly region: string | null;
  readonly term: HostTerm;
  readonly usdPerHour: number;
}

export interface HostOffer {
  readonly cloud: Cloud;
  readonly instance: string;
  readonly region: string | null;
  readonly acceleratorId: string;
  readonly chips: number;
  readonly usdPerHour: Readonly<Record<HostTerm, number | null>>;
  /** What the committed price buys; null: it is the user's own, or not known. */
  readonly committed: CommittedHost | null;
  readonly source: string;
  readonly seenOn: string;
}

export interface HostQuery {
  readonly acceleratorId: string;
  readonly asOf: string;
  readonly clouds?: readonly string[] | null;
  readonly regions?: readonly string[] | null;
  readonly ownPrices?: readonly OwnPrice[];
  readonly committedHosts?: readonly CommittedHost[];
}

/** Instance types without the network between hosts that a job over many of them needs. */
const withoutFabric: readonly RegExp[] = [
  /_noIB_/,
  /^Standard_ND\d+i?a?ms?_A100/,
  /^Standard_ND96is_/,
  /^Standard_N[CV]/,
  // Slices of many hosts are made of hosts of four chips.
  /^ct(5lp|6e)-.*-8t$/,
];

/** Whether hosts of this instance type are joined by more than Ethernet of the usual speed. */
export function hasFabric(instance: string): boolean {
  return !withoutFabric.some(pattern => pattern.test(instance));
}

/** Every way to rent whole hosts of a chip, in the order of the catalog. */
export function hostOffers(instances: readonly InstanceType[], query: HostQuery): HostOffer[] {
  const { acceleratorId, asOf, clouds, regions } = query;
  const found = instances.filter(
    i =>
      i.acceleratorId === acceleratorId &&
      i.seenOn <= asOf &&
      (i.acceleratorCount ?? 0) >= 1 &&
      (!clouds || clouds.includes(i.cloud)) &&
      (!regions || i.region === null || regions.includes(i.region)),
  );
  const largest = new Map<string, number>();
  for (const i of found.filter(i => hasFabric(i.name))) {
    largest.set(i.cloud, Math.max(largest.get(i.cloud) ?? 0, i.acceleratorCount ?? 0));
  }
  return found
    .filter(i => hasFabric(i.name) && i.acceleratorCount === largest.get(i.cloud))
    .map(i => toOffer(i, query));
}

function toOffer(
  instance: InstanceType,
  { acceleratorId, asOf, ownPrices = [], committedHosts = [] }: HostQuery,
): HostOffer {
  const { cloud, name, region } = instance;
  const own = (term: HostTerm): number | null =>
    ownPrices.find(
      p =>
        p.cloud === cloud &&
        p.instance === name &&
        p.term === term &&
        (p.region === null || region === null || p.region === region),
    )?.usdPerHour ?? null;
  const usd = (nano: number | null): number | null => (nano === null ? null : nano / 1e9);
  const sold =
    own('committed') !== null
      ? undefined
      : committedOn(committedHosts, asOf).find(c => c.cloud === cloud && c.instance === name);
  return {
    cloud,
    instance: name,
    region,
    acceleratorId,
    chips: instance.acceleratorCount!,
    usdPerHour: {
      'on-demand': own('on-demand') ?? usd(instance.onDemandNanoUsdPerHour),
      spot: own('spot') ?? usd(instance.spotNanoUsdPerHour),
      committed: own('committed') ?? usd(sold?.nanoUsdPerHour ?? null),
    },
    committed: sold ?? null,
    source: instance.source,
    seenOn: instance.seenOn,
  };
}

/** The cheapest offer of each cloud on a term; one without a price where none has any. */
export function cheapestByCloud(offers: readonly HostOffer[], term: HostTerm): HostOffer[] {
  const best = new Map<Cloud, HostOffer>();
  const perChip = (offer: HostOffer): number =>
    (offer.usdPerHour[term] ?? Number.POSITIVE_INFINITY) / offer.chips;
  for (const offer of offers) {
    const known = best.get(offer.cloud);
    if (known === undefined || perChip(offer) < perChip(known)) best.set(offer.cloud, offer);
  }
  return [...best.values()];
}
