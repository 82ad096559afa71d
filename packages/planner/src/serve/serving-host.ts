// The cheapest way of each cloud to rent an instance's chips: whole hosts, each holding one or more
// instances, or hosts joined where an instance needs more than one.

import { type CommittedHost, committedOn } from '@entrepot/catalog/committed-host';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import type { HostTerm, OwnPrice } from '../cost/host-offer.ts';

export interface ServingHost {
  readonly cloud: string;
  readonly name: string;
  readonly region: string | null;
  readonly chips: number;
  /** Serving instances of one host; a fraction where an instance takes several hosts. */
  readonly instancesPerHost: number;
  /** Where hosts on demand have no known price and committed ones do, `committed`. */
  readonly term: HostTerm;
  /** null: no price of this term is known. */
  readonly usdPerHour: number | null;
  readonly source: string;
  readonly seenOn: string;
}

export interface HostWish {
  readonly acceleratorId: string;
  readonly chipsPerInstance: number;
  readonly term: HostTerm;
  readonly clouds: readonly string[] | null;
  readonly asOf: string;
  readonly ownPrices: readonly OwnPrice[];
  readonly committedHosts: readonly CommittedHost[];
}

/** One host type of each cloud, the cheapest for an instance; without a price, the largest. */
export function servingHosts(instances: readonly InstanceType[], wish: HostWish): ServingHost[] {
  const best = new Map<string, ServingHost>();
  for (const instance of instances) {
    const host = hostOf(instance, wish);
    if (host === null) continue;
    const known = best.get(host.cloud);
    if (known === undefined || better(host, known)) best.set(host.cloud, host);
  }
  return [...best.values()];
}

function hostOf(instance: InstanceType, wish: HostWish): ServingHost | null {
  const chips = instance.acceleratorCount;
  if (instance.acceleratorId !== wish.acceleratorId || chips === null || chips < 1) return null;
  if (instance.seenOn > wish.asOf) return null;
  if (wish.clouds !== null && !wish.clouds.includes(instance.cloud)) return null;
  // Hosts are not joined for serving here: an instance over two hosts has another speed.
  const instancesPerHost = Math.floor(chips / wish.chipsPerInstance);
  if (instancesPerHost < 1) return null;
  const usd = priceOf(instance, wish, wish.term);
  const instead = usd === null && wish.term === 'on-demand';
  const term = instead && priceOf(instance, wish, 'committed') !== null ? 'committed' : wish.term;
  return {
    cloud: instance.cloud,
    name: instance.name,
    region: instance.region,
    chips,
    instancesPerHost,
    term,
    usdPerHour: priceOf(instance, wish, term),
    source: instance.source,
    seenOn: instance.seenOn,
  };
}

function priceOf(instance: InstanceType, wish: HostWish, term: HostTerm): number | null {
  const { ownPrices, committedHosts, asOf } = wish;
  const own = ownPrices.find(
    p =>
      p.instance === instance.name &&
      p.cloud === instance.cloud &&
      p.term === term &&
      (p.region === null || instance.region === null || p.region === instance.region),
  );
  if (own !== undefined) return own.usdPerHour;
  const committed = committedOn(committedHosts, asOf).find(
    c => c.cloud === instance.cloud && c.instance === instance.name,
  );
  const nano = {
    'on-demand': instance.onDemandNanoUsdPerHour,
    spot: instance.spotNanoUsdPerHour,
    committed: committed?.nanoUsdPerHour ?? null,
  }[term];
  return nano === null ? null : nano / 1e9;
}

function better(one: ServingHost, other: ServingHost): boolean {
  const each = (host: ServingHost): number =>
    host.usdPerHour === null ? Number.POSITIVE_INFINITY : host.usdPerHour / host.instancesPerHost;
  const a = each(one);
  const b = each(other);
  if (a !== b) return a < b;
  return a === Number.POSITIVE_INFINITY && one.chips > other.chips;
}
