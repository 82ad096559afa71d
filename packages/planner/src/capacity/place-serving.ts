// Replicas of a model over capacity that is short: the cheapest first, of any generation and on any
// cloud. Unlike training nothing has to be in one place: requests do not talk to each other.

import { type CapacityLimit, waitDays } from './capacity.ts';

/** What one replica of a layout can serve, and what it costs. */
export interface ReplicaChoice {
  readonly acceleratorId: string;
  readonly cloud: string;
  readonly chips: number;
  readonly requestsPerSecond: number;
  /** null is unknown: such replicas are taken last. */
  readonly usdPerHour: number | null;
}

export interface PlacedReplicas {
  readonly choice: ReplicaChoice;
  readonly region: string;
  readonly replicas: number;
}

export interface ServingPlacement {
  readonly placed: readonly PlacedReplicas[];
  /** Requests a second that no capacity is left for. */
  readonly unmet: number;
  readonly usdPerHour: number | null;
}

/** Places replicas for a rate on a day. */
export function placeServing(
  choices: readonly ReplicaChoice[],
  limits: readonly CapacityLimit[],
  requestsPerSecond: number,
  day: string,
): ServingPlacement {
  const there = limits.filter(
    limit => waitDays(limit, day) === 0 && (limit.until === null || limit.until > day),
  );
  const left = new Map(there.map(limit => [limit, limit.chips]));
  const placed: PlacedReplicas[] = [];
  let open = requestsPerSecond;
  for (const choice of [...choices].sort(byCost)) {
    for (const limit of there) {
      if (open <= 0) break;
      if (limit.acceleratorId !== choice.acceleratorId || limit.cloud !== choice.cloud) continue;
      const most = Math.floor(left.get(limit)! / choice.chips);
      const replicas = Math.min(most, Math.ceil(open / choice.requestsPerSecond));
      if (replicas === 0) continue;
      placed.push({ choice, region: limit.region, replicas });
      left.set(limit, left.get(limit)! - replicas * choice.chips);
      open -= replicas * choice.requestsPerSecond;
    }
  }
  const costs = placed.map(({ choice, replicas }) =>
    choice.usdPerHour === null ? null : choice.usdPerHour * replicas,
  );
  return {
    placed,
    unmet: Math.max(0, open),
    usdPerHour: costs.includes(null) ? null : costs.reduce<number>((sum, c) => sum + c!, 0),
  };
}

/** The least cost of a request first. */
function byCost(a: ReplicaChoice, b: ReplicaChoice): number {
  const cost = ({ usdPerHour, requestsPerSecond }: ReplicaChoice): number =>
    (usdPerHour ?? Number.MAX_VALUE) / requestsPerSecond;
  return cost(a) - cost(b);
}
