// The running figures of one cloud.

import type { ServerResponse } from 'node:http';
import type { Usage } from '@entrepot/dialects/canonical';
import type { FaultKind } from './fault.ts';
import type { CloudStats } from './stats.ts';

export class Tally {
  #requests = 0;
  #answered = 0;
  #active = 0;
  #broken = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  readonly #statuses: Record<string, number> = {};

  /** Counts a call, now and when its response has ended. Gives its number, from 1. */
  arrived(response: ServerResponse): number {
    this.#active++;
    response.once('close', () => {
      this.#active--;
      const { statusCode, headersSent, writableFinished } = response;
      if (headersSent) this.#statuses[statusCode] = (this.#statuses[statusCode] ?? 0) + 1;
      if (!writableFinished) this.#broken++;
      else if (statusCode === 200) this.#answered++;
    });
    this.#requests++;
    return this.#requests;
  }

  began(usage: Usage): void {
    this.#inputTokens += usage.inputTokens;
    this.#outputTokens += usage.outputTokens;
  }

  stats(faults: Partial<Record<FaultKind, number>>): CloudStats {
    return {
      requests: this.#requests,
      answered: this.#answered,
      active: this.#active,
      broken: this.#broken,
      statuses: { ...this.#statuses },
      faults: { ...faults },
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
    };
  }
}
