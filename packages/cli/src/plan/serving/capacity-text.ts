// Serving plans within limits of capacity, in words: which replicas go where, and what is left
// over.

import type { CapacityLimit } from '@entrepot/planner/capacity/capacity';
import { placeServing, type ReplicaChoice } from '@entrepot/planner/capacity/place-serving';
import { instanceChips } from '@entrepot/planner/serve/instance';
import { digits } from '../quantity.ts';
import type { HostedPlan } from './serving-report.ts';

/** Replicas over the limits, the cheapest first, mixing generations and clouds. */
export function servingPlacementText(
  hosted: readonly HostedPlan[],
  limits: readonly CapacityLimit[],
  day: string,
): string {
  const rate = hosted[0]?.plan.means.requestsPerSecond ?? 0;
  const { placed, unmet, usdPerHour } = placeServing(hosted.map(toChoice), limits, rate, day);
  const lines = placed.map(({ choice, region, replicas }) => {
    const { acceleratorId, cloud, chips, requestsPerSecond } = choice;
    const each = `${digits(requestsPerSecond)} requests/s each`;
    return `  ${replicas} x ${chips} ${acceleratorId}, ${cloud} ${region}: ${each}`;
  });
  const cost = usdPerHour === null ? 'price unknown' : `$${usdPerHour.toFixed(2)} an hour`;
  const rest = unmet > 0 ? `; ${digits(unmet)} requests/s have no capacity left` : '';
  return [`Within the limits: ${cost}${rest}`, ...lines].join('\n');
}

/** A replica at the load that the plan keeps its promise at. */
function toChoice({ plan, host }: HostedPlan): ReplicaChoice {
  return {
    acceleratorId: plan.acceleratorId,
    cloud: host.cloud,
    chips: instanceChips(plan.instance.layout),
    requestsPerSecond: plan.means.requestsPerSecond / plan.load.instances,
    usdPerHour: host.usdPerHour === null ? null : host.usdPerHour / host.instancesPerHost,
  };
}
