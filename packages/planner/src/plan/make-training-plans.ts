// All plans of a request: each accelerator, at each number of chips, on each cloud that sells it;
// which of them are in the Pareto set, and why the others are not plans.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import type { CapacityLimit } from '../capacity/capacity.ts';
import { cheapestByCloud, type HostOffer, hostOffers, type OwnPrice } from '../cost/host-offer.ts';
import { countParameters } from '../model-shape.ts';
import type { Fitted } from '../train/fitted.ts';
import { layOut } from './lay-out.ts';
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
  const kept = plans.filter(plan => {
    const reason = missed(request, plan);
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
  const query = { acceleratorId: id, asOf, clouds, regions, ownPrices: ground.ownPrices };
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
      const reason = `${wanted} chips are less than a host: ${offer.chips} would be one`;
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

/** Why a plan misses the deadline or the budget, and what would meet it; null when it does not. */
function missed(request: TrainingRequest, plan: TrainingPlan): string | null {
  const { deadlineDays, budgetUsd } = request;
  const { usd, days } = rate(plan);
  if (deadlineDays !== null && days > deadlineDays) {
    if (plan.waitDays >= deadlineDays) return `it is there only after ${plan.waitDays} days`;
    const host = plan.host.chips;
    const work = days - plan.waitDays;
    const left = deadlineDays - plan.waitDays;
    const needed = Math.ceil((plan.chips * work * 1.1) / left / host) * host;
    return `takes ${days.toFixed(0)} days, not ${deadlineDays}: about ${needed} chips would be in time`;
  }
  if (budgetUsd === null) return null;
  if (usd === null)
    return `its price is not known, so that a budget cannot be kept: --price says it`;
  if (usd <= budgetUsd) return null;
  const tokens = (request.tokens * budgetUsd) / usd;
  return `costs ${millions(usd)}, not ${millions(budgetUsd)}: the budget is enough for ${trillions(tokens)} tokens`;
}

function millions(usd: number): string {
  return `$${(usd / 1e6).toFixed(usd < 1e7 ? 2 : 1)}M`;
}

function trillions(tokens: number): string {
  return tokens >= 1e12 ? `${(tokens / 1e12).toFixed(1)}T` : `${(tokens / 1e9).toFixed(0)}B`;
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
