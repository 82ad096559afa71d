// All plans of a request: each accelerator, at each number of chips, on each cloud that sells it;
// which of them are in the Pareto set, and why the others are not plans.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import type { CommittedHost } from '@entrepot/catalog/committed-host';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import type { CapacityLimit } from '../capacity/capacity.ts';
import { cheapestByCloud, type HostOffer, hostOffers, type OwnPrice } from '../cost/host-offer.ts';
import { countParameters } from '../model-shape.ts';
import type { Fitted } from '../train/fitted.ts';
import { layOut, moreChips, tryLayOut } from './lay-out.ts';
import { missedLimit, nearestPlans } from './missed-limit.ts';
import { paretoSet, rate } from './pareto.ts';
import { planOnHosts } from './plan-on-hosts.ts';
import { planWithin } from './plan-within.ts';
import type { TrainingPlan, TrainingPlans, WhyNot } from './training-plan.ts';
import type { TrainingRequest } from './training-request.ts';

export interface PlanGround {
  readonly accelerators: readonly Accelerator[];
  readonly instances: readonly InstanceType[];
  readonly fitted: Fitted;
  readonly ownPrices: readonly OwnPrice[];
  readonly committedHosts: readonly CommittedHost[];
  /** null: as much as is asked for can be had anywhere. */
  readonly limits: readonly CapacityLimit[] | null;
}

/** Plans for a request. */
export function makeTrainingPlans(request: TrainingRequest, ground: PlanGround): TrainingPlans {
  const plans: TrainingPlan[] = [];
  const whyNot: WhyNot[] = [];
  const wanted = ground.accelerators.filter(a => request.accelerators?.includes(a.id) ?? true);
  for (const accelerator of wanted) {
    if (ground.limits !== null) {
      planWithin(request, accelerator, ground.limits, ground, { plans, whyNot });
      continue;
    }
    const offers = offersOf(request, accelerator, ground);
    if (offers.length === 0) {
      whyNot.push(notSold(request, accelerator));
      continue;
    }
    for (const chips of request.chips) {
      planAt(request, accelerator, chips, offers, ground.fitted, plans, whyNot);
    }
  }
  const most = new Map(plans.map(plan => [sellerOf(plan), 0]));
  for (const plan of plans)
    most.set(sellerOf(plan), Math.max(most.get(sellerOf(plan))!, plan.chips));
  const kept = plans.filter(plan => {
    const isLargest = ground.limits === null && plan.chips === most.get(sellerOf(plan));
    const larger = isLargest ? onMoreChips(request, plan, ground) : [];
    const reason = missedLimit(request, plan, larger);
    if (reason !== null) whyNot.push(whyNotOf(plan, reason));
    return reason === null;
  });
  const inSet = paretoSet(kept.map(rate));
  const { total, active } = countParameters(request.model);
  return {
    kind: 'training-plans',
    asOf: request.asOf,
    modelId: request.modelId,
    model: request.model,
    parameters: { total, active },
    tokens: request.tokens,
    sequence: request.sequence,
    globalBatch: request.globalBatch,
    precision: request.precision,
    deadlineDays: request.deadlineDays,
    budgetUsd: request.budgetUsd,
    plans: kept.map((plan, i) => ({ ...plan, isPareto: inSet[i]! })).sort(inOrder),
    whyNot,
    nearest: kept.length > 0 ? [] : nearestPlans(request, plans),
    assumptions: ground.limits === null ? [...assumptions, unlimited] : assumptions,
  };
}

const assumptions: readonly string[] = [
  'Failures: Llama 3 405B on 16,384 H100 (419 unplanned in 54 days); wider for other chips.',
  'A restart takes 3 to 20 minutes, 10 likely; a broken host is back after a day.',
  'Checkpoints are asynchronous, at the interval of Daly; 14 bytes a parameter.',
  'Spot hosts are taken back 5 % to 150 % of them a month, 15 % likely.',
  'Cost is of hosts and spare hosts: storage, traffic, people and failed experiments are not in it.',
];
const unlimited =
  'Capacity is there: the catalog has prices, not what is free. --capacity says it.';

function offersOf(request: TrainingRequest, { id }: Accelerator, ground: PlanGround): HostOffer[] {
  const { asOf, clouds, regions } = request;
  const { ownPrices, committedHosts } = ground;
  const query = { acceleratorId: id, asOf, clouds, regions, ownPrices, committedHosts };
  return cheapestByCloud(hostOffers(ground.instances, query), 'on-demand');
}

function notSold(request: TrainingRequest, accelerator: Accelerator): WhyNot {
  const where = request.clouds === null ? 'any cloud' : request.clouds.join(', ');
  const reason =
    accelerator.availability === 'internal'
      ? 'its maker keeps it: it cannot be rented'
      : `no host of it is known on ${where} as of ${request.asOf}`;
  return { acceleratorId: accelerator.id, cloud: null, chips: null, reason };
}

function planAt(
  request: TrainingRequest,
  accelerator: Accelerator,
  wanted: number,
  offers: readonly HostOffer[],
  fitted: Fitted,
  plans: TrainingPlan[],
  whyNot: WhyNot[],
): void {
  const byChips = new Map<number, HostOffer[]>();
  for (const offer of offers) {
    const chips = Math.floor(wanted / offer.chips) * offer.chips;
    if (chips > 0) byChips.set(chips, [...(byChips.get(chips) ?? []), offer]);
    else {
      const laid = layOut(request, accelerator, offer.chips, fitted);
      const reason =
        'reason' in laid
          ? `less than a host of ${offer.chips} chips, on which it ${laid.reason}`
          : `less than a host: ${offer.chips} chips would do`;
      whyNot.push({ acceleratorId: accelerator.id, cloud: offer.cloud, chips: wanted, reason });
    }
  }
  for (const [chips, sellers] of byChips) {
    const laid = layOut(request, accelerator, chips, fitted);
    if ('reason' in laid) {
      whyNot.push({ acceleratorId: accelerator.id, cloud: null, chips, reason: laid.reason });
    } else {
      plans.push(...sellers.map(offer => planOnHosts(request, laid, offer)));
    }
  }
}

function sellerOf({ acceleratorId, host }: TrainingPlan): string {
  return `${acceleratorId}/${host.cloud}`;
}

/** The same job of the same seller on more chips, one number of them after the other. */
function* onMoreChips(
  request: TrainingRequest,
  { acceleratorId, chips, host }: TrainingPlan,
  ground: PlanGround,
): Generator<TrainingPlan> {
  const accelerator = ground.accelerators.find(a => a.id === acceleratorId)!;
  const offers = offersOf(request, accelerator, ground);
  const offer = offers.find(o => o.cloud === host.cloud)!;
  for (const more of moreChips(chips, host.chips)) {
    const laid = tryLayOut(request, accelerator, more, ground.fitted);
    if (typeof laid !== 'function') yield planOnHosts(request, laid, offer);
  }
}

function whyNotOf(plan: TrainingPlan, reason: string): WhyNot {
  const { acceleratorId, chips, host } = plan;
  return { acceleratorId, cloud: host.cloud, chips, reason };
}

/** The Pareto set first, then by cost; unknown prices last. */
function inOrder(a: TrainingPlan, b: TrainingPlan): number {
  if (a.isPareto !== b.isPareto) return a.isPareto ? -1 : 1;
  const [costA, costB] = [rate(a).usd, rate(b).usd];
  if (costA === null || costB === null) {
    if (costA === costB) return rate(a).days - rate(b).days;
    return costA === null ? 1 : -1;
  }
  return costA - costB;
}
