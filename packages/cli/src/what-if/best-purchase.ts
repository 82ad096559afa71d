// How much of what can be bought in advance is worth it for some traffic, by arithmetic: tokens of
// each minute against what a unit carries. The replay then tells what it really saves.

import type { SpendTerm, ThroughputTerm } from '@entrepot/catalog/capacity-term';
import { matches } from '@entrepot/catalog/criteria';
import type { Offer } from '@entrepot/catalog/offer';
import type { Route } from '@entrepot/engine/deployment';
import type { Load, MinuteTokens } from './minute-load.ts';

export interface BestPurchase {
  /** Of throughput; 0 for a promise of spend. */
  readonly units: number;
  readonly nanoUsdPerHour: number;
  /** Share of what is bought that the traffic uses. */
  readonly usedShare: number;
  /** From this share of use on it pays; above 1 it never does. */
  readonly breakEvenShare: number;
  /** So many times the traffic at which the least that one can buy pays; null: it never does. */
  readonly breakEvenTraffic: number | null;
}

/** What requests of a minute cost without it, at the cheapest offer of the route, in nano-USD. */
interface MinuteWorth {
  /** Tokens as the capacity counts them. */
  readonly tokens: number;
  readonly nanoUsd: number;
}

const mostTraffic = 10_000;

/** The units that save the most, or the least that one can buy. null without load or prices. */
export function bestThroughput(
  term: ThroughputTerm,
  routes: readonly Route[],
  load: Load,
): BestPurchase | null {
  const minutes = worths(term, routes, load);
  const tokens = total(minutes, one => one.tokens);
  if (tokens === 0) return null;
  const perToken = total(minutes, one => one.nanoUsd) / tokens;
  const perMinute = term.nanoUsdPerUnitHour / 60;
  const span = load.minutes;
  const covered = (units: number, factor: number): number => {
    const room = units * term.inputTokensPerMinutePerUnit;
    return minutes.reduce((sum, one) => sum + Math.min(one.tokens * factor, room), 0);
  };
  const saving = (units: number, factor: number): number =>
    covered(units, factor) * perToken - units * perMinute * span;
  const peak = Math.max(...minutes.map(one => one.tokens));
  const most = Math.ceil(peak / term.inputTokensPerMinutePerUnit);
  let units = term.leastUnits;
  for (let more = units + term.stepUnits; more < most + term.stepUnits; more += term.stepUnits) {
    if (saving(more, 1) > saving(units, 1)) units = more;
  }
  const room = units * term.inputTokensPerMinutePerUnit * span;
  return {
    units,
    nanoUsdPerHour: units * term.nanoUsdPerUnitHour,
    usedShare: covered(units, 1) / room,
    breakEvenShare: perMinute / (term.inputTokensPerMinutePerUnit * perToken),
    breakEvenTraffic: leastFactor(factor => saving(term.leastUnits, factor) >= 0),
  };
}

/** The promise that saves the most, or the least that one can make. null without load or prices. */
export function bestSpend(
  term: SpendTerm,
  routes: readonly Route[],
  load: Load,
): BestPurchase | null {
  const hours = hourly(worths(term, routes, load));
  if (total(hours, one => one.nanoUsd) === 0) return null;
  const kept = 1 - term.discountPercent / 100;
  const saving = (promise: number, factor: number): number =>
    total(
      hours,
      ({ nanoUsd, share }) => share * (Math.min(nanoUsd * factor, promise / kept) - promise),
    );
  const promises = hours
    .map(({ nanoUsd }) => nanoUsd * kept)
    .filter(promise => promise >= term.leastNanoUsdPerHour);
  const best = promises.reduce(
    (a, b) => (saving(b, 1) > saving(a, 1) ? b : a),
    Math.max(1, term.leastNanoUsdPerHour),
  );
  const nanoUsdPerHour = Math.round(best);
  const used = total(
    hours,
    ({ nanoUsd, share }) => share * Math.min(nanoUsd, nanoUsdPerHour / kept),
  );
  return {
    units: 0,
    nanoUsdPerHour,
    usedShare: (used * kept) / (nanoUsdPerHour * total(hours, one => one.share)),
    breakEvenShare: kept,
    breakEvenTraffic: leastFactor(factor => saving(nanoUsdPerHour, factor) >= 0),
  };
}

/** By minute, of all routes that have an offer that is meant. */
function worths(
  { match }: ThroughputTerm | SpendTerm,
  routes: readonly Route[],
  load: Load,
): MinuteWorth[] {
  const sums = Array.from({ length: load.minutes }, () => ({ tokens: 0, nanoUsd: 0 }));
  for (const { route: name, minutes } of load.routes) {
    const offers = routes.find(route => route.name === name)!.deployments.map(d => d.offer);
    const meant = offers.find(offer => matches(offer, match));
    const weight = meant === undefined ? null : weightOf(meant);
    if (weight === null) continue;
    minutes.forEach((minute, m) => {
      sums[m]!.tokens += minute.input + minute.output * weight;
      sums[m]!.nanoUsd += cheapest(offers, minute);
    });
  }
  return sums;
}

/** Tokens of input that one of output is worth; null where a price is unknown. */
function weightOf({ prices }: Offer): number | null {
  const { inputPicoUsd, outputPicoUsd } = prices;
  if (inputPicoUsd === null || outputPicoUsd === null || inputPicoUsd === 0) return null;
  return outputPicoUsd / inputPicoUsd;
}

function cheapest(offers: readonly Offer[], { input, output }: MinuteTokens): number {
  const costs = offers.flatMap(({ prices }) => {
    const { inputPicoUsd, outputPicoUsd } = prices;
    if (inputPicoUsd === null || outputPicoUsd === null) return [];
    return [(input * inputPicoUsd + output * outputPicoUsd) / 1000];
  });
  return costs.length === 0 ? 0 : Math.min(...costs);
}

interface Hour {
  /** Spend at the rate of the part of it that the traffic has. */
  readonly nanoUsd: number;
  readonly share: number;
}

function hourly(minutes: readonly MinuteWorth[]): Hour[] {
  return Array.from({ length: Math.ceil(minutes.length / 60) }, (_, hour) => {
    const part = minutes.slice(hour * 60, hour * 60 + 60);
    const share = part.length / 60;
    return { share, nanoUsd: total(part, one => one.nanoUsd) / share };
  });
}

function total<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0);
}

/** The smallest factor from which on it holds, to a thousandth. */
function leastFactor(holds: (factor: number) => boolean): number | null {
  if (!holds(mostTraffic)) return null;
  let [low, high] = [0, mostTraffic];
  while (high - low > high / 1000) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
