// Why a case costs what it costs: its difference to the base, split into effects that add up to it
// exactly. One kind of thing is changed at a time, each on top of those before, so that an effect
// that two changes have together is counted with the later one:
//
//   price     what the base's own answers would have cost at the case's prices
//   cache     less was saved by reading from caches, or more, once the engine decides by them
//   routing   the rest of what other decisions changed: cheaper or dearer offers
//   failure   outages, errors and slowness of the case come on top
//   capacity  also quotas, capacity, and what is paid in advance
//   traffic   also more, fewer, longer or other requests

import { type Amount, addAmounts, nothing, subtractAmounts } from '../result/amount.ts';
import type { ReplayResult } from '../result/replay-result.ts';
import { type Stage, stages } from './case.ts';

export interface Effects<T> {
  readonly price: T;
  readonly cache: T;
  readonly routing: T;
  readonly failure: T;
  readonly capacity: T;
  readonly traffic: T;
}

export const effectNames: readonly (keyof Effects<unknown>)[] = [
  'price',
  'cache',
  'routing',
  'failure',
  'capacity',
  'traffic',
];

/** All of what a replay cost. */
export function wholeCost({ paid, fixedCosts }: ReplayResult): Amount {
  return fixedCosts.reduce((sum, { cost }) => addAmounts(sum, cost), paid.cost);
}

/**
 * `market` is the number of the case among the other markets of the base. A stage that was not
 * replayed is the same as the next that was. null where the last is missing.
 */
export function effectsOf(
  base: ReplayResult,
  market: number,
  byStage: ReadonlyMap<Stage, ReplayResult>,
): Effects<Amount> | null {
  const at = (stage: Stage): ReplayResult | undefined =>
    stages
      .slice(stages.indexOf(stage))
      .map(later => byStage.get(later))
      .find(result => result !== undefined);
  const [inMarket, failing, crowded, whole] = stages.map(at);
  const repriced = base.elsewhere[market];
  if (!inMarket || !failing || !crowded || !whole || !repriced) return null;
  const step = (from: ReplayResult, to: ReplayResult): Amount =>
    subtractAmounts(wholeCost(to), wholeCost(from));
  const price = subtractAmounts(repriced.cost, base.paid.cost);
  const cache = subtractAmounts(repriced.cacheSavings, inMarket.paid.cacheSavings);
  return {
    price,
    cache,
    routing: subtractAmounts(step(base, inMarket), addAmounts(price, cache)),
    failure: step(inMarket, failing),
    capacity: step(failing, crowded),
    traffic: step(crowded, whole),
  };
}

/** The sum of all effects: the difference of cost. */
export function sumOfEffects(effects: Effects<Amount>): Amount {
  return effectNames.reduce((sum, name) => addAmounts(sum, effects[name]), nothing);
}
