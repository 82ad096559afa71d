// Puts a replay together: an engine over the routes, an upstream for each deployment as the world
// has it, the driver between them, and what counts.

import { usualWorld } from '@entrepot/catalog/world';
import { createEngine } from '@entrepot/engine/create-engine';
import type { Deployment, Route } from '@entrepot/engine/deployment';
import { UnknownRouteError } from '@entrepot/engine/unknown-route';
import type { RequestColumns } from '@entrepot/traffic/request-columns';
import { Arrivals } from './arrivals.ts';
import { Draws, mixed } from './draws.ts';
import { Driver } from './driver.ts';
import { withMergers } from './mergers.ts';
import type { ReplayOptions } from './options.ts';
import { purposes } from './purposes.ts';
import { FixedCosts } from './result/fixed-costs.ts';
import type { ReplayResult } from './result/replay-result.ts';
import { Tally } from './result/tally.ts';
import { hostsOf } from './upstream/hosts.ts';

/** The gateway looks at its deadlines every 20 ms: on average it is half of that late. */
const lateMs = 10;

export interface Replay {
  /**
   * Takes in the next requests, in the order of time. The columns must not be changed before the
   * replay has finished.
   */
  push(columns: RequestColumns): void;
  /** Lets everything come to its end. The replay is over. */
  finish(): ReplayResult;
}

/** Throws UnknownRouteError when the traffic asks for a route that is not there. */
export function createReplay(options: ReplayOptions): Replay {
  return new VirtualReplay(options);
}

class VirtualReplay implements Replay {
  readonly #driver: Driver;
  readonly #arrivals: Arrivals;
  readonly #tally: Tally;

  constructor(options: ReplayOptions) {
    const { traffic, seed, world = usualWorld } = options;
    const names = new Set(options.routes.map(route => route.name));
    for (const name of traffic.routes) {
      if (!names.has(name)) throw new UnknownRouteError(name, names);
    }
    const deployments = deploymentsOf(options.routes);
    const routes = withMergers(options.routes, world.mergers);
    this.#tally = new Tally({
      deployments: deploymentsOf(routes),
      otherMarkets: options.otherMarkets ?? [],
      keys: traffic.keys,
      fixedCosts: new FixedCosts(world, traffic.startUnixMs, deployments),
    });
    const draws = new Draws(seed);
    const own = mixed(seed, purposes.engine);
    this.#driver = new Driver({
      engine: createEngine({ ...options.settings, routes }),
      hosts: hostsOf(options, world, deployments, lateMs),
      listener: this.#tally,
      intentOf: flight => this.#arrivals.intentOf(flight),
      random: {
        of: flight => {
          draws.restart(mixed(own, flight.steps), flight.number);
          return draws.uniform;
        },
      },
      lateMs,
      onOver: flight => this.#arrivals.release(flight),
    });
    this.#arrivals = new Arrivals(traffic, world.traffic, mixed(seed, purposes.traffic));
  }

  push(columns: RequestColumns): void {
    this.#arrivals.take(columns, this.#driver);
  }

  finish(): ReplayResult {
    this.#driver.runUntil(Number.MAX_VALUE);
    return this.#tally.result();
  }
}

function deploymentsOf(routes: readonly Route[]): Deployment[] {
  return [...new Map(routes.flatMap(r => r.deployments).map(d => [d.id, d])).values()];
}
