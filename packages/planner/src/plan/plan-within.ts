// Plans within limits of capacity: for each of them at the number of chips that it allows, from the
// day on which it is there, at its price. Regions are not put together: why not is said in figures.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import type { CommittedHost } from '@entrepot/catalog/committed-host';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import type { CapacityLimit } from '../capacity/capacity.ts';
import { crossRegionText } from '../capacity/cross-region.ts';
import { splitRegions, type TrainingPlace, trainingPlaces } from '../capacity/place-training.ts';
import { cheapestByCloud, type HostOffer, hostOffers, type OwnPrice } from '../cost/host-offer.ts';
import { countParameters } from '../model-shape.ts';
import type { Fitted } from '../train/fitted.ts';
import { layOut } from './lay-out.ts';
import { planOnHosts } from './plan-on-hosts.ts';
import type { TrainingPlan, WhyNot } from './training-plan.ts';
import type { TrainingRequest } from './training-request.ts';

export interface Sellers {
  readonly instances: readonly InstanceType[];
  readonly ownPrices: readonly OwnPrice[];
  readonly committedHosts: readonly CommittedHost[];
  readonly fitted: Fitted;
}

export interface Findings {
  readonly plans: TrainingPlan[];
  readonly whyNot: WhyNot[];
}

/** Adds the plans of one accelerator, and what stands against others. */
export function planWithin(
  request: TrainingRequest,
  accelerator: Accelerator,
  all: readonly CapacityLimit[],
  sellers: Sellers,
  findings: Findings,
): void {
  const limits = all.filter(
    limit =>
      limit.acceleratorId === accelerator.id &&
      (request.clouds?.includes(limit.cloud) ?? true) &&
      (request.regions?.includes(limit.region) ?? true),
  );
  const against = (reason: string, place?: TrainingPlace): void => {
    findings.whyNot.push({
      acceleratorId: accelerator.id,
      cloud: place === undefined ? null : `${place.limit.cloud} ${place.limit.region}`,
      chips: place?.chips ?? null,
      reason,
    });
  };
  if (limits.length === 0) {
    against('the file of limits has none of it');
    return;
  }
  const done = new Set<string>();
  for (const wanted of request.chips) {
    for (const place of trainingPlaces(limits, wanted, request.asOf)) {
      const plan = planAt(request, accelerator, place, sellers);
      if (typeof plan === 'string') against(plan, place);
      else if (!done.has(plan.id)) findings.plans.push(plan);
      if (typeof plan !== 'string') done.add(plan.id);
    }
    for (const regions of splitRegions(limits, wanted)) {
      against(acrossRegions(request, accelerator, wanted, regions, sellers));
    }
  }
}

function planAt(
  request: TrainingRequest,
  accelerator: Accelerator,
  place: TrainingPlace,
  sellers: Sellers,
): TrainingPlan | string {
  const offer = offerAt(request, accelerator, place.limit, sellers);
  if (offer === null) return 'no instance type of it is known on this cloud';
  const chips = Math.floor(place.chips / offer.chips) * offer.chips;
  if (chips === 0) return `${place.chips} chips are less than a host: ${offer.chips} would be one`;
  const laid = layOut(request, accelerator, chips, sellers.fitted);
  if ('reason' in laid) return laid.reason;
  const plan = planOnHosts(request, { ...laid, place }, offer);
  const days = plan.days['on-demand']?.likely ?? 0;
  if (place.spanDays !== null && days > place.spanDays) {
    return (
      `it is there for ${place.spanDays.toFixed(0)} days and the job takes ${days.toFixed(0)}: ` +
      `${((request.tokens * place.spanDays) / days / 1e12).toFixed(1)}T tokens would be done`
    );
  }
  return plan;
}

/** The hosts of a limit: in its region, at its price where it has one. */
function offerAt(
  request: TrainingRequest,
  { id }: Accelerator,
  limit: CapacityLimit,
  { instances, ownPrices, committedHosts }: Sellers,
): HostOffer | null {
  const sold = { ownPrices, committedHosts };
  const query = { acceleratorId: id, asOf: request.asOf, clouds: [limit.cloud], ...sold };
  const here = hostOffers(instances, { ...query, regions: [limit.region] });
  const [found] = cheapestByCloud(here, 'on-demand');
  // What a cloud sells elsewhere has no price here.
  const [elsewhere] = hostOffers(instances, query);
  const unknown = { 'on-demand': null, spot: null, committed: null };
  const offer = found ?? (elsewhere ? { ...elsewhere, usdPerHour: unknown } : null);
  if (offer === null) return null;
  const committed = limit.usdPerHour ?? offer.usdPerHour.committed;
  return {
    ...offer,
    region: limit.region,
    committed: limit.usdPerHour === null ? offer.committed : null,
    usdPerHour:
      limit.usdPerHour === null ? offer.usdPerHour : { 'on-demand': null, spot: null, committed },
  };
}

function acrossRegions(
  request: TrainingRequest,
  accelerator: Accelerator,
  wanted: number,
  regions: readonly string[],
  { fitted }: Sellers,
): string {
  const laid = layOut(request, accelerator, wanted, fitted);
  if ('reason' in laid) return laid.reason;
  const steps = Math.ceil(request.tokens / (request.globalBatch * request.sequence));
  const { total } = countParameters(request.model);
  return crossRegionText(total, regions, laid.step.seconds, steps);
}
