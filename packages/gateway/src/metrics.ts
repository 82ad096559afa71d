// Counters and histograms in Prometheus' text form. On the hot path a count is one Map lookup; the
// metric objects with their labels are made when somebody scrapes.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Entry } from './ledger/entry.ts';

/** Counts by label values. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(labels: string, amount = 1): void {
    this.#counts.set(labels, (this.#counts.get(labels) ?? 0) + amount);
  }

  /** Registers a counter that is filled from this tally at each scrape. */
  expose(registry: Registry, name: string, help: string, labelNames: readonly string[]): void {
    const counts = this.#counts;
    const counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect(): void {
        counter.reset();
        for (const [labels, count] of counts) counter.labels(...labels.split('\t')).inc(count);
      },
    });
  }
}

const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const addedSeconds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Tally();
  readonly #attempts = new Tally();
  readonly #tokens = new Tally();
  readonly #charges = new Tally();
  readonly #unknownCharges = new Tally();
  readonly #unauthenticated = new Tally();
  readonly #unkept = new Tally();
  readonly #ttft: Histogram;
  readonly #total: Histogram;
  readonly #added: Histogram;

  constructor() {
    const registry = this.#registry;
    this.#requests.expose(registry, 'entrepot_requests_total', 'Requests by how they ended.', [
      'route',
      'dialect',
      'outcome',
      'status',
    ]);
    this.#attempts.expose(registry, 'entrepot_attempts_total', 'Calls of deployments.', [
      'deployment',
      'cloud',
      'failure',
    ]);
    this.#tokens.expose(registry, 'entrepot_tokens_total', 'Tokens used.', [
      'cloud',
      'model',
      'kind',
    ]);
    this.#charges.expose(registry, 'entrepot_charge_nano_usd_total', 'Charges in nano-USD.', [
      'cloud',
      'model',
      'key',
    ]);
    const unknown = 'Answers whose charge is unknown: no usage or no price.';
    this.#unknownCharges.expose(registry, 'entrepot_charge_unknown_total', unknown, [
      'cloud',
      'model',
    ]);
    const refused = 'Requests without a valid key.';
    this.#unauthenticated.expose(registry, 'entrepot_unauthenticated_total', refused, ['status']);
    const unkept = 'Answers of Responses that were to be kept and are not.';
    this.#unkept.expose(registry, 'entrepot_responses_unkept_total', unkept, ['reason']);
    const registers = [registry];
    const ttft = { name: 'entrepot_ttft_seconds', help: 'Time to the first token.' };
    this.#ttft = new Histogram({ ...ttft, buckets: seconds, registers });
    const total = { name: 'entrepot_request_seconds', help: 'Whole duration of requests.' };
    this.#total = new Histogram({ ...total, buckets: seconds, registers });
    const added = { name: 'entrepot_added_seconds', help: 'What the gateway itself added.' };
    this.#added = new Histogram({ ...added, buckets: addedSeconds, registers });
  }

  /** A gauge that is read at each scrape. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: (): void => gauge.set(read()),
    });
  }

  request(entry: Entry): void {
    this.#requests.add(`${entry.route}\t${entry.dialect}\t${entry.outcome}\t${entry.status}`);
    for (const attempt of entry.attempts) {
      const { deployment, cloud, failure } = attempt;
      this.#attempts.add(`${deployment}\t${cloud}\t${failure ?? 'none'}`);
    }
    this.#total.observe(entry.totalMs / 1000);
    if (entry.addedMs !== null) this.#added.observe(entry.addedMs / 1000);
    if (entry.ttftMs !== null) this.#ttft.observe(entry.ttftMs / 1000);
    if (entry.deployment !== null) this.#answered(entry);
  }

  unauthenticated(status: number): void {
    this.#unauthenticated.add(String(status));
  }

  unkept(reason: 'too_large' | 'fault'): void {
    this.#unkept.add(reason);
  }

  #answered(entry: Entry): void {
    const { cloud, model, key, chargeNanoUsd, inputTokens, outputTokens } = entry;
    if (inputTokens !== null) this.#tokens.add(`${cloud}\t${model}\tinput`, inputTokens);
    if (outputTokens !== null) this.#tokens.add(`${cloud}\t${model}\toutput`, outputTokens);
    if (chargeNanoUsd === null) this.#unknownCharges.add(`${cloud}\t${model}`);
    else this.#charges.add(`${cloud}\t${model}\t${key}`, chargeNanoUsd);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
