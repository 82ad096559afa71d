// Requests of the traffic as they come to the driver: as often, as long and for which routes as the
// world has it.

import type { TrafficChange } from '@entrepot/catalog/world';
import type { Intent } from '@entrepot/engine/intent';
import {
  featuresOf,
  isStream,
  type RequestColumns,
  type TrafficHead,
} from '@entrepot/traffic/request-columns';
import { Draws, mixed } from './draws.ts';
import type { Driver } from './driver.ts';
import { Flight } from './flight.ts';

/** Requests that the traffic does not have come within this after those that they are copies of. */
const copySpreadMs = 1000;

export class Arrivals {
  readonly #routes: readonly string[];
  readonly #keys: readonly string[];
  readonly #seed: number;
  readonly #draws = new Draws(0);
  readonly #idle: Flight[] = [];
  readonly #mix: readonly (readonly [route: number, upTo: number])[] | null;
  readonly #factors: { readonly requests: number; readonly input: number; readonly output: number };
  readonly #isAsItWas: boolean;
  #number = 0;

  constructor(
    { routes, keys }: Pick<TrafficHead, 'routes' | 'keys'>,
    changes: readonly TrafficChange[],
    seed: number,
  ) {
    this.#routes = routes;
    this.#keys = keys;
    this.#seed = seed;
    const times = (factorOf: (change: TrafficChange) => number): number =>
      changes.reduce((product, change) => product * factorOf(change), 1);
    this.#factors = {
      requests: times(change => change.requestsFactor),
      input: times(change => change.inputTokensFactor),
      output: times(change => change.outputTokensFactor),
    };
    this.#mix = mixOf(changes, routes);
    const { requests, input, output } = this.#factors;
    this.#isAsItWas = this.#mix === null && requests === 1 && input === 1 && output === 1;
  }

  /** Lets the requests of a batch arrive, and happen what is due before each. */
  take(columns: RequestColumns, driver: Driver): void {
    const { atMs, count } = columns;
    for (let i = 0; i < count; i++) {
      const now = atMs[i]!;
      driver.runUntil(now);
      const number = this.#number++;
      if (this.#isAsItWas) driver.arrive(this.#flight(columns, i, number), now);
      else this.#multiply(columns, i, number, driver);
    }
  }

  /** The flight is over. */
  release(flight: Flight): void {
    flight.choice = null;
    flight.columns = null;
    if (flight.tried.length > 0) flight.tried = [];
    this.#idle.push(flight);
  }

  intentOf({ columns, index, route, key, inputTokens, stream }: Flight): Intent {
    const maxTokens = columns!.maxOutputTokens[index]!;
    return {
      route: this.#routes[route]!,
      dialect: 'openai-chat',
      operation: 'generate',
      stream,
      features: featuresOf(columns!.flags[index]!),
      inputTokens,
      maxOutputTokens: maxTokens === 0 ? null : maxTokens,
      key: this.#keys[key]!,
    };
  }

  #flight(columns: RequestColumns, i: number, number: number): Flight {
    const flight = this.#idle.pop() ?? new Flight();
    flight.number = number;
    flight.copy = 0;
    flight.columns = columns;
    flight.index = i;
    flight.route = columns.route[i]!;
    flight.key = columns.key[i]!;
    flight.inputTokens = columns.inputTokens[i]!;
    flight.outputTokens = columns.outputTokens[i]!;
    flight.stream = isStream(columns.flags[i]!);
    return flight;
  }

  /** None, one or several of a request, each with random numbers of its own. */
  #multiply(columns: RequestColumns, i: number, number: number, driver: Driver): void {
    const { requests, input, output } = this.#factors;
    const draws = this.#draws;
    draws.restart(this.#seed, number);
    const copies = Math.floor(requests + draws.next());
    const now = columns.atMs[i]!;
    for (let copy = 0; copy < copies; copy++) {
      const own = copy === 0 ? number : mixed(number, copy);
      const flight = this.#flight(columns, i, own);
      flight.copy = copy;
      if (input !== 1) flight.inputTokens = Math.max(1, Math.round(flight.inputTokens * input));
      if (output !== 1) flight.outputTokens = Math.round(flight.outputTokens * output);
      const share = draws.next();
      if (this.#mix !== null) flight.route = this.#mix.find(([, upTo]) => share < upTo)![0];
      if (copy === 0) driver.arrive(flight, now);
      else driver.arriveAt(flight, now + copySpreadMs * draws.next());
    }
  }
}

/** Routes by a number from 0 to 1; null where the mix stays. The last change of it holds. */
function mixOf(
  changes: readonly TrafficChange[],
  routes: readonly string[],
): readonly (readonly [number, number])[] | null {
  const mix = changes.findLast(change => change.mix !== null)?.mix ?? null;
  if (mix === null) return null;
  const shares = [...mix].filter(([name]) => routes.includes(name));
  const whole = shares.reduce((sum, [, share]) => sum + share, 0);
  let upTo = 0;
  return shares.map(([name, share], i) => {
    upTo += share / whole;
    const isLast = i === shares.length - 1;
    return [routes.indexOf(name), isLast ? Number.POSITIVE_INFINITY : upTo] as const;
  });
}
