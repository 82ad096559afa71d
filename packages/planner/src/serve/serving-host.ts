// The cheapest way of each cloud to rent an instance's chips: whole hosts, each holding one or more
// instances, or hosts joined where an instance needs more than one.

import { type CommittedHost, committedOn } from '@entrepot/catalog/committed-host';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import { type HostTerm, hasFabric, type OwnPrice } from '../cost/host-offer.ts';
import type { HostChips } from './candidates.ts';

export interface ServingHost {
  readonly cloud: string;
  readonly name: string;
  readonly region: string | null;
  readonly chips: number;
  /** Serving instances of one host; a fraction where an instance takes several hosts. */
  readonly instancesPerHost: number;
  /** 1 where a host holds one instance or more. */
  readonly hostsPerInstance: number;
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
  /** Chips of each host that an instance over several is on; null: it is within one. */
  readonly joinedChips: number | null;
  readonly term: HostTerm;
  readonly clouds: readonly string[] | null;
  readonly asOf: string;
  readonly ownPrices: readonly OwnPrice[];
  readonly committedHosts: readonly CommittedHost[];
}

/** Chips of the largest hosts of each accelerator that these clouds rent. */
export function hostChips(
  instances: readonly InstanceType[],
  { clouds, asOf }: Pick<HostWish, 'clouds' | 'asOf'>,
): Map<string, HostChips> {
  const largest = new Map<string, HostChips>();
  for (const { acceleratorId, acceleratorCount: chips, name, cloud, seenOn } of instances) {
    if (acceleratorId === null || chips === null || seenOn > asOf) continue;
    if (clouds !== null && !clouds.includes(cloud)) continue;
    const known = largest.get(acceleratorId) ?? { largest: 0, joined: null };
    const joined = hasFabric(name) ? Math.max(known.joined ?? 0, chips) : known.joined;
    largest.set(acceleratorId, { largest: Math.max(known.largest, chips), joined });
  }
  return largest;
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
  const { chipsPerInstance } = wish;
  const isJoined = chipsPerInstance > chips;
  // Joined are whole hosts, which have a network of their own, as large as the plan has them.
  if (isJoined && (!hasFabric(instance.name) || chips !== wish.joinedChips)) return null;
  const hostsPerInstance = isJoined ? chipsPerInstance / chips : 1;
  const instancesPerHost = isJoined ? 1 / hostsPerInstance : Math.floor(chips / chipsPerInstance);
  const usd = priceOf(instance, wish, wish.term);
  const instead = usd === null && wish.term === 'on-demand';
  const term = instead && priceOf(instance, wish, 'committed') !== null ? 'committed' : wish.term;
  return {
    cloud: instance.cloud,
    name: instance.name,
    region: instance.region,
    chips,
    instancesPerHost,
    hostsPerInstance,
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
