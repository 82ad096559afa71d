// Connections by origin, shared by all deployments of one host.

import type { Clock } from './clock.ts';
import { type ConnectionOptions, Connections } from './connections.ts';

export class Origins {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #byOrigin = new Map<string, Connections>();

  constructor(options: ConnectionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  of(origin: string): Connections {
    let connections = this.#byOrigin.get(origin);
    if (connections === undefined) {
      connections = new Connections(origin, this.#options, this.#clock);
      this.#byOrigin.set(origin, connections);
    }
    return connections;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byOrigin.values()].map(connections => connections.destroy()));
    this.#byOrigin.clear();
  }
}
