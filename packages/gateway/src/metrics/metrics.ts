// What is counted of every request. On the hot path a count is a few Map lookups and a duration
// one array's element; Prometheus' text is made of them when somebody scrapes: see exposition.ts.

import type { Entry } from '../ledger/entry.ts';
import { Durations } from './durations.ts';
import { Tally } from './tally.ts';

/** Read at each scrape. */
export interface Reading {
  readonly name: string;
  readonly help: string;
  /** It counts what has happened, and so outlives the process in a sum over several. */
  readonly grows: boolean;
  read(): number;
}

/** What a scrape shows. */
export interface Exposed {
  readonly tallies: readonly Tally[];
  readonly durations: readonly Durations[];
  readonly readings: readonly Reading[];
}

const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const addedSeconds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

export class Metrics implements Exposed {
  readonly #requests = new Tally('entrepot_requests_total', 'Requests by how they ended.', [
    'route',
    'dialect',
    'outcome',
    'status',
  ]);
  readonly #attempts = new Tally('entrepot_attempts_total', 'Calls of deployments.', [
    'deployment',
    'cloud',
    'failure',
  ]);
  readonly #tokens = new Tally('entrepot_tokens_total', 'Tokens used.', ['cloud', 'model', 'kind']);
  readonly #charges = new Tally('entrepot_charge_nano_usd_total', 'Charges in nano-USD.', [
    'cloud',
    'model',
    'key',
  ]);
  readonly #unknownCharges = new Tally(
    'entrepot_charge_unknown_total',
    'Answers whose charge is unknown: no usage or no price.',
    ['cloud', 'model'],
  );
  readonly #unauthenticated = new Tally(
    'entrepot_unauthenticated_total',
    'Requests without a valid key.',
    ['status'],
  );
  readonly #unkept = new Tally(
    'entrepot_responses_unkept_total',
    'Answers of Responses that were to be kept and are not.',
    ['reason'],
  );
  readonly #ttft = new Durations('entrepot_ttft_seconds', 'Time to the first token.', seconds);
  readonly #total = new Durations('entrepot_request_seconds', 'Whole duration.', seconds);
  readonly #added = new Durations(
    'entrepot_added_seconds',
    'What the gateway itself added.',
    addedSeconds,
  );
  readonly #readings: Reading[] = [];

  readonly tallies: readonly Tally[] = [
    this.#requests,
    this.#attempts,
    this.#tokens,
    this.#charges,
    this.#unknownCharges,
    this.#unauthenticated,
    this.#unkept,
  ];
  readonly durations: readonly Durations[] = [this.#ttft, this.#total, this.#added];

  get readings(): readonly Reading[] {
    return this.#readings;
  }

  gauge(reading: Reading): void {
    this.#readings.push(reading);
  }

  request(entry: Entry): void {
    this.#requests.add([entry.route, entry.dialect, entry.outcome, String(entry.status)]);
    for (const attempt of entry.attempts) {
      const { deployment, cloud, failure } = attempt;
      this.#attempts.add([deployment, cloud, failure ?? 'none']);
    }
    this.#total.add(entry.totalMs);
    if (entry.addedMs !== null) this.#added.add(entry.addedMs);
    if (entry.ttftMs !== null) this.#ttft.add(entry.ttftMs);
    const { cloud, model } = entry;
    if (cloud !== null && model !== null) this.#answered(cloud, model, entry);
  }

  unauthenticated(status: number): void {
    this.#unauthenticated.add([String(status)]);
  }

  unkept(reason: 'too_large' | 'fault'): void {
    this.#unkept.add([reason]);
  }

  #answered(cloud: string, model: string, entry: Entry): void {
    const { key, chargeNanoUsd, inputTokens, outputTokens } = entry;
    if (inputTokens !== null) this.#tokens.add([cloud, model, 'input'], inputTokens);
    if (outputTokens !== null) this.#tokens.add([cloud, model, 'output'], outputTokens);
    if (chargeNanoUsd === null) this.#unknownCharges.add([cloud, model]);
    else this.#charges.add([cloud, model, key], chargeNanoUsd);
  }
}
