// The figures of one replay, as a report shows them.

import type { SwitchingCost } from '@entrepot/catalog/world';
import { hhi } from '@entrepot/engine/concentration';
import { type Amount, addAmounts, toUsd } from '../result/amount.ts';
import type { DeploymentSums, FixedCost, ReplayResult } from '../result/replay-result.ts';
import { quantileOf, type Sketch } from '../result/sketch.ts';
import { wholeCost } from './why.ts';

export interface Quantiles<T> {
  readonly p50: T;
  readonly p95: T;
  readonly p99: T;
}

export type UsdByName = Readonly<Record<string, number>>;

/** What it would take to leave a cloud with this traffic, where everything else stays. */
export interface Leaving {
  /** The next best offers on other clouds cost so much more; may be below zero. */
  readonly extraUsd: number;
  /** Spend for which the policy knows no other offer. */
  readonly withoutSubstituteUsd: number;
  /** Once: to move what is stored there. */
  readonly switchingUsd: number;
}

export interface LockIn {
  /** Of spend, with no substitute offer on another cloud under the policy; null without spend. */
  readonly share: number | null;
  readonly leaving: Readonly<Record<string, Leaving>>;
}

export interface Figures {
  /** Charges and fixed costs. */
  readonly costUsd: number;
  readonly costByCloud: UsdByName;
  readonly costByVendor: UsdByName;
  readonly costByModel: UsdByName;
  /** Charges alone: fixed costs are nobody's. */
  readonly costByKey: UsdByName;
  /** Throughput, commitments and egress. */
  readonly fixedUsd: number;
  readonly ttftMs: Quantiles<number | null>;
  readonly totalMs: Quantiles<number | null>;
  /** Share of requests whose callers got the whole answer; null without requests. */
  readonly availability: number | null;
  readonly refused: number;
  readonly failed: number;
  readonly truncated: number;
  readonly failovers: number;
  readonly throttled: number;
  /** Answers whose cost is not known, and not in it. */
  readonly unpriced: number;
  readonly cacheSavingsUsd: number;
  readonly hhi: number | null;
  readonly hhiByVendor: number | null;
  readonly lockIn: LockIn;
}

/** `switching` is what leaving clouds takes beside what answers cost. */
export function figuresOf(result: ReplayResult, switching: readonly SwitchingCost[] = []): Figures {
  const { deployments, fixedCosts, requests } = result;
  const costByCloud = usdBy(deployments, d => d.cloud, fixedCosts);
  const costByVendor = usdBy(deployments, d => d.model.slice(0, d.model.indexOf('/')));
  const cost = wholeCost(result);
  return {
    costUsd: toUsd(cost),
    costByCloud,
    costByVendor,
    costByModel: usdBy(deployments, d => d.model),
    costByKey: Object.fromEntries(result.keys.map(key => [key.name, toUsd(key.cost)])),
    fixedUsd: toUsd(cost) - toUsd(result.paid.cost),
    ttftMs: quantilesOf(result.ttft),
    totalMs: quantilesOf(result.total),
    availability: requests === 0 ? null : result.answered / requests,
    refused: result.refused,
    failed: result.failed,
    truncated: result.truncated,
    failovers: result.failovers,
    throttled: result.throttled,
    unpriced: result.unpriced,
    cacheSavingsUsd: toUsd(result.paid.cacheSavings),
    hhi: concentration(costByCloud),
    hhiByVendor: concentration(costByVendor),
    lockIn: lockInOf(result, switching),
  };
}

function usdBy(
  deployments: readonly DeploymentSums[],
  nameOf: (deployment: DeploymentSums) => string,
  fixedCosts: readonly FixedCost[] = [],
): UsdByName {
  const sums = new Map<string, Amount>();
  const add = (name: string, cost: Amount): void => {
    const before = sums.get(name);
    sums.set(name, before === undefined ? cost : addAmounts(before, cost));
  };
  for (const deployment of deployments) add(nameOf(deployment), deployment.cost);
  for (const { cloud, cost } of fixedCosts) add(cloud, cost);
  return Object.fromEntries([...sums].map(([name, cost]) => [name, toUsd(cost)]));
}

function quantilesOf(sketch: Sketch): Quantiles<number | null> {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(q => quantileOf(sketch, q));
  return { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
}

/** What a commitment takes off may leave a cloud below zero: then it has no part. */
function concentration(usd: UsdByName): number | null {
  return hhi(Object.fromEntries(Object.entries(usd).map(([name, x]) => [name, Math.max(0, x)])));
}

function lockInOf(
  { deployments, paid }: ReplayResult,
  switching: readonly SwitchingCost[],
): LockIn {
  const locked = usdBy(
    deployments.map(d => ({ ...d, cost: d.lockedCost })),
    d => d.cloud,
  );
  const extra = usdBy(
    deployments.map(d => ({ ...d, cost: d.leavingCost })),
    d => d.cloud,
  );
  const spent = toUsd(paid.cost);
  const sum = Object.values(locked).reduce((a, b) => a + b, 0);
  const leaving = Object.keys(locked).map(cloud => {
    const clouds = cloud.split('+');
    const moves = switching.filter(one => clouds.includes(one.cloud));
    const switchingUsd = moves.reduce((usd, m) => usd + (m.storedGib * m.nanoUsdPerGib) / 1e9, 0);
    const withoutSubstituteUsd = locked[cloud]!;
    return [cloud, { extraUsd: extra[cloud]!, withoutSubstituteUsd, switchingUsd }] as const;
  });
  return { share: spent === 0 ? null : sum / spent, leaving: Object.fromEntries(leaving) };
}
