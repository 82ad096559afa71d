// Connections by origin, shared by all deployments of one host.

import type { Clock } from './clock.ts';
import { type ConnectionOptions, Connections } from './http1/connections.ts';

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

  close(): void {
    for (const connections of this.#byOrigin.values()) connections.destroy();
    this.#byOrigin.clear();
  }
}
