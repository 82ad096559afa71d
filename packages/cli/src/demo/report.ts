// The demo's report, from what the callers saw and what the ledger recorded. Pure: the same inputs
// give the same report.

import type { Charge } from '@entrepot/engine/charge';
import { hhi } from '@entrepot/engine/concentration';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Usage } from '@entrepot/engine/intent';
import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import type { CallResult } from './call.ts';
import { type Percentiles, percentiles } from './percentile.ts';

export interface DemoReport {
  readonly simulated: boolean;
  readonly traffic: { readonly source: string; readonly speed: number; readonly seed: number };
  readonly requests: number;
  readonly callerFailures: number;
  /** The first few, in the caller's words. */
  readonly failures: readonly string[];
  readonly failovers: number;
  readonly failoversByCause: Readonly<Record<string, number>>;
  readonly retries: number;
  readonly retriesByCause: Readonly<Record<string, number>>;
  /** As callers saw them. */
  readonly ttftMs: Percentiles;
  readonly totalMs: Percentiles;
  /** Total time less the time spent waiting for upstreams. */
  readonly addedMs: Percentiles;
  readonly costUsd: number;
  /** Answers whose charge is unknown; not in `costUsd`. */
  readonly unknownCharges: number;
  readonly costByCloud: Readonly<Record<string, number>>;
  readonly costByModel: Readonly<Record<string, number>>;
  readonly requestsByCloud: Readonly<Record<string, number>>;
  /** What the part of the traffic that a cloud can serve would have cost there. */
  readonly costIfAlone: Readonly<Record<string, number>>;
  /** The share of the requests that a cloud alone could serve at all. */
  readonly servableIfAlone: Readonly<Record<string, number>>;
  /** 0 to 10,000, over spend by cloud. */
  readonly hhi: number | null;
  readonly ledger: LedgerCheck;
}

export interface LedgerCheck {
  readonly records: number;
  readonly missing: number;
  readonly duplicate: number;
}

export interface ReportInput {
  readonly simulated: boolean;
  readonly traffic: DemoReport['traffic'];
  readonly results: readonly CallResult[];
  readonly entries: readonly LedgerRecord[];
  /** Settlements that came a second time. */
  readonly duplicates: number;
  readonly deployments: ReadonlyMap<string, readonly Deployment[]>;
  readonly charge: (deployment: Deployment, usage: Usage) => Charge;
}

export function makeReport(input: ReportInput): DemoReport {
  const { results, entries } = input;
  const failed = results.filter(r => r.failure !== null);
  const spend = spendOf(entries);
  const moves = movesOf(entries);
  const concentration = hhi(Object.fromEntries(spend.byCloud));
  return {
    simulated: input.simulated,
    traffic: input.traffic,
    requests: results.length,
    callerFailures: failed.length,
    failures: failed.slice(0, 5).map(r => `request ${r.n}: ${r.failure}`),
    ...moves,
    ttftMs: percentiles(results.flatMap(r => r.ttftMs ?? [])),
    totalMs: percentiles(results.map(r => r.totalMs)),
    addedMs: percentiles(entries.flatMap(e => e.addedMs ?? [])),
    costUsd: usd(spend.total),
    unknownCharges: spend.unknown,
    costByCloud: mapUsd(spend.byCloud),
    costByModel: mapUsd(spend.byModel),
    requestsByCloud: Object.fromEntries(spend.requestsByCloud),
    ...aloneOf(input),
    hhi: concentration === null ? null : Math.round(concentration),
    ledger: checkLedger(input),
  };
}

/** Every request of a caller must have exactly one record. */
function checkLedger({ results, entries, duplicates }: ReportInput): LedgerCheck {
  const recorded = new Set(entries.map(e => e.requestId));
  const missing = results.filter(r => r.requestId === null || !recorded.has(r.requestId)).length;
  return {
    records: entries.length,
    missing,
    duplicate: duplicates + entries.length - recorded.size,
  };
}

type Moves = Pick<DemoReport, 'failovers' | 'failoversByCause' | 'retries' | 'retriesByCause'>;

/** A failed attempt followed by another deployment is a failover; by the same one, a retry. */
function movesOf(entries: readonly LedgerRecord[]): Moves {
  const failoversByCause: Record<string, number> = {};
  const retriesByCause: Record<string, number> = {};
  for (const { attempts } of entries) {
    for (let i = 0; i + 1 < attempts.length; i++) {
      const same = attempts[i]!.deployment === attempts[i + 1]!.deployment;
      const counts = same ? retriesByCause : failoversByCause;
      const cause = attempts[i]!.failure ?? 'unknown';
      counts[cause] = (counts[cause] ?? 0) + 1;
    }
  }
  const total = (counts: Record<string, number>): number =>
    Object.values(counts).reduce((sum, n) => sum + n, 0);
  const failovers = total(failoversByCause);
  return { failovers, failoversByCause, retries: total(retriesByCause), retriesByCause };
}

interface Spend {
  readonly total: number;
  readonly unknown: number;
  readonly byCloud: Map<string, number>;
  readonly byModel: Map<string, number>;
  readonly requestsByCloud: Map<string, number>;
}

/** Nano-USD. */
function spendOf(entries: readonly LedgerRecord[]): Spend {
  const byCloud = new Map<string, number>();
  const byModel = new Map<string, number>();
  const requestsByCloud = new Map<string, number>();
  let total = 0;
  let unknown = 0;
  const add = (map: Map<string, number>, key: string, amount: number): void => {
    map.set(key, (map.get(key) ?? 0) + amount);
  };
  for (const { cloud, model, chargeNanoUsd } of entries) {
    if (cloud === null || model === null) continue;
    add(requestsByCloud, cloud, 1);
    if (chargeNanoUsd === null) unknown++;
    else {
      total += chargeNanoUsd;
      add(byCloud, cloud, chargeNanoUsd);
      add(byModel, model, chargeNanoUsd);
    }
  }
  return { total, unknown, byCloud, byModel, requestsByCloud };
}

/** The same tokens at the cheapest offer of the same route on each cloud alone. */
function aloneOf(input: ReportInput): Pick<DemoReport, 'costIfAlone' | 'servableIfAlone'> {
  const clouds = new Set([...input.deployments.values()].flat().map(d => d.offer.cloud));
  const answered = input.entries.filter(e => e.inputTokens !== null && e.outputTokens !== null);
  const costIfAlone: Record<string, number> = {};
  const servableIfAlone: Record<string, number> = {};
  for (const cloud of clouds) {
    let cost = 0;
    let served = 0;
    for (const entry of answered) {
      const candidates = (input.deployments.get(entry.route) ?? []).filter(
        d => d.offer.cloud === cloud,
      );
      const cheapest = cheapestOf(candidates, entry, input.charge);
      if (cheapest === null) continue;
      cost += cheapest;
      served++;
    }
    costIfAlone[cloud] = usd(cost);
    const share = answered.length === 0 ? 0 : served / answered.length;
    servableIfAlone[cloud] = Math.round(share * 1000) / 1000;
  }
  return { costIfAlone, servableIfAlone };
}

function cheapestOf(
  candidates: readonly Deployment[],
  entry: LedgerRecord,
  charge: ReportInput['charge'],
): number | null {
  const usage: Usage = {
    inputTokens: entry.inputTokens ?? 0,
    cachedReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: entry.outputTokens ?? 0,
  };
  const costs = candidates.flatMap(d => charge(d, usage).nanoUsd ?? []);
  return costs.length === 0 ? null : Math.min(...costs);
}

function usd(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

function mapUsd(map: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...map].map(([key, nano]) => [key, usd(nano)]));
}
