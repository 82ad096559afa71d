// A serving plan with its money: for each accelerator what it takes, what that costs at each cloud
// that rents it, and how it stands against every API offer of the model.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import type { CommittedHost } from '@entrepot/catalog/committed-host';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import type { Offer } from '@entrepot/catalog/offer';
import { chipOf } from '@entrepot/planner/chip';
import type { HostTerm, OwnPrice } from '@entrepot/planner/cost/host-offer';
import { type Arrivals, arrivalMeans } from '@entrepot/planner/serve/arrivals';
import { type ScaledDay, scaleOver } from '@entrepot/planner/serve/autoscale';
import { type ApiComparison, compareOffers, requestUsd } from '@entrepot/planner/serve/break-even';
import { type Disaggregated, disaggregate } from '@entrepot/planner/serve/disaggregated';
import { instanceChips } from '@entrepot/planner/serve/instance';
import type { ServingWish } from '@entrepot/planner/serve/plan-serving';
import {
  planServing,
  type ServingPlan,
  type ServingRefusal,
} from '@entrepot/planner/serve/plan-serving';
import { hostChips, type ServingHost, servingHosts } from '@entrepot/planner/serve/serving-host';
import { busiestPart, wholePlan } from './traffic-part.ts';

export interface ReportWish extends Omit<ServingWish, 'arrivals' | 'hostChips'> {
  /** All of the traffic: what scaling goes by. The queue is simulated over the busiest part. */
  readonly arrivals: Arrivals;
  /** The traffic is so many times the arrivals. */
  readonly parts: number;
  readonly accelerators: readonly Accelerator[];
  readonly instances: readonly InstanceType[];
  readonly offers: readonly Offer[];
  readonly term: HostTerm;
  readonly clouds: readonly string[] | null;
  readonly ownPrices: readonly OwnPrice[];
  readonly committedHosts: readonly CommittedHost[];
  readonly asOf: string;
  /** Seconds from starting a host to its first request. */
  readonly readySeconds: number;
}

export interface HostedPlan {
  readonly plan: ServingPlan;
  readonly host: ServingHost;
  readonly hosts: number;
  /** null: the price of the host is not known. */
  readonly usdPerHour: number | null;
  readonly usdPerMtok: number | null;
  readonly comparisons: readonly ApiComparison[];
  /** USD of a chip's hour at which hosting costs as the cheapest API offer does at this rate. */
  readonly evenUsdPerChipHour: number | null;
  readonly scaled: ScaledDay;
}

export interface ServingReport {
  /** What hosts were asked for. */
  readonly term: HostTerm;
  readonly hosted: readonly HostedPlan[];
  /** Accelerators that would do, which no cloud of the catalog rents in that size. */
  readonly unrented: readonly ServingPlan[];
  readonly refused: readonly ServingRefusal[];
  readonly apis: readonly { offer: Offer; usdPerHour: number | null }[];
  readonly disaggregated: readonly Disaggregated[];
}

/** Plans on every accelerator and prices what comes out, the cheapest first. */
export function reportServing(wish: ReportWish): ServingReport {
  const plans: ServingPlan[] = [];
  const refused: ServingRefusal[] = [];
  const { arrivals, parts } = busiestPart(wish.arrivals);
  const rented = hostChips(wish.instances, wish);
  const hard = { ...wish, arrivals, hostChips: rented };
  for (const accelerator of wish.accelerators) {
    const plan = planServing(hard, chipOf(accelerator));
    if ('why' in plan) refused.push(plan);
    else plans.push(wholePlan(plan, parts * wish.parts));
  }
  const hosted: HostedPlan[] = [];
  const unrented: ServingPlan[] = [];
  for (const plan of plans) {
    const chipsPerInstance = instanceChips(plan.instance.layout);
    const found = servingHosts(wish.instances, {
      acceleratorId: plan.acceleratorId,
      chipsPerInstance,
      joinedChips: plan.hosts > 1 ? (rented.get(plan.acceleratorId)?.joined ?? null) : null,
      term: wish.term,
      clouds: wish.clouds,
      asOf: wish.asOf,
      ownPrices: wish.ownPrices,
      committedHosts: wish.committedHosts,
    });
    if (found.length === 0) unrented.push(plan);
    hosted.push(...found.map(host => price(wish, plan, host)));
  }
  const cost = (one: HostedPlan): number => one.usdPerHour ?? Number.POSITIVE_INFINITY;
  hosted.sort((a, b) => cost(a) - cost(b) || a.plan.chips - b.plan.chips);
  const drawn = arrivalMeans(arrivals);
  const requestsPerSecond = drawn.requestsPerSecond * parts * wish.parts;
  const means = { ...drawn, requestsPerSecond };
  const apis = wish.offers.map(offer => {
    const usd = requestUsd(offer.prices, means);
    const usdPerHour = usd === null ? null : usd * requestsPerSecond * 3600;
    return { offer, usdPerHour };
  });
  const disaggregated = plans.map(plan =>
    disaggregate(
      plan.instance,
      plan.instance,
      plan.means,
      plan.sustained.concurrency,
      wish.fitted.parameters,
    ),
  );
  return { term: wish.term, hosted, unrented, refused, apis, disaggregated };
}

function price(wish: ReportWish, plan: ServingPlan, host: ServingHost): HostedPlan {
  const hosts = Math.ceil(plan.load.instances / host.instancesPerHost);
  const usdPerHour = host.usdPerHour === null ? null : host.usdPerHour * hosts;
  const { means } = plan;
  const tokens = means.requestsPerSecond * (means.inputTokens + means.outputTokens) * 3600;
  const capacity = plan.sustained.requestsPerSecond * hosts * host.instancesPerHost;
  const hostedCost = { usdPerHour: usdPerHour ?? 0, requestsPerSecond: capacity };
  const comparisons =
    usdPerHour === null
      ? []
      : compareOffers(wish.offers, hostedCost, means.requestsPerSecond, means);
  const usds = wish.offers
    .map(offer => requestUsd(offer.prices, means))
    .filter((usd): usd is number => usd !== null && usd > 0);
  const cheapest = usds.length === 0 ? null : Math.min(...usds) * means.requestsPerSecond * 3600;
  return {
    plan,
    host,
    hosts,
    usdPerHour,
    usdPerMtok: usdPerHour === null ? null : (usdPerHour / tokens) * 1e6,
    comparisons,
    evenUsdPerChipHour: cheapest === null ? null : cheapest / (hosts * host.chips),
    scaled: scaleOver(wish.arrivals, {
      requestsPerSecond: plan.means.requestsPerSecond / plan.load.instances / wish.parts,
      readySeconds: wish.readySeconds,
      least: 1,
      plannedShare: 1,
    }),
  };
}
