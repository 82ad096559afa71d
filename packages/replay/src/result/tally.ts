// Counts what happens in a replay, request by request, without keeping any of them.

import type { Offer } from '@entrepot/catalog/offer';
import type { Charge } from '@entrepot/engine/charge';
import type { Choice } from '@entrepot/engine/choice';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Ms } from '@entrepot/engine/engine';
import type { FailureKind } from '@entrepot/engine/outcome';
import type { Listener } from '../driver.ts';
import type { Flight } from '../flight.ts';
import { Purse } from './amount.ts';
import { DeploymentTally, otherThan } from './deployment-tally.ts';
import type { FixedCosts } from './fixed-costs.ts';
import { Elsewhere, PaidTally, savedByCache } from './paid-tally.ts';
import type { KeySums, ReplayResult } from './replay-result.ts';
import { SketchBuilder } from './sketch.ts';

/** Requests by what their callers saw. */
class CallerTally {
  requests = 0;
  answered = 0;
  truncated = 0;
  failed = 0;
  refused = 0;
}

class KeyTally extends CallerTally {
  readonly cost = new Purse();
}

export interface TallyOptions {
  readonly deployments: readonly Deployment[];
  readonly otherMarkets: readonly (readonly Offer[])[];
  readonly keys: readonly string[];
  readonly fixedCosts: FixedCosts;
}

export class Tally implements Listener {
  readonly #options: TallyOptions;
  readonly #deployments: readonly DeploymentTally[];
  readonly #keys: readonly KeyTally[];
  readonly #all = new CallerTally();
  readonly #paid = new PaidTally();
  readonly #elsewhere: readonly Elsewhere[];
  readonly #ttft = new SketchBuilder();
  readonly #total = new SketchBuilder();
  #firstMs: Ms | null = null;
  #lastMs: Ms = 0;
  #attempts = 0;
  #failovers = 0;
  #throttled = 0;
  #panics = 0;
  #unpriced = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.#deployments = options.deployments.map(d => new DeploymentTally(d));
    this.#keys = options.keys.map(() => new KeyTally());
    this.#elsewhere = options.otherMarkets.map(
      offers => new Elsewhere(options.deployments, offers),
    );
  }

  onChoice(flight: Flight, choice: Choice): void {
    const { key, arrivedMs } = flight;
    // Asked now, while the candidates are at hand.
    flight.nextCloud = otherThan(choice.candidates[0]?.deployment.offer.cloud, choice);
    this.#all.requests += 1;
    this.#keys[key]!.requests += 1;
    this.#firstMs ??= arrivedMs;
    this.#lastMs = arrivedMs;
    if (choice.panic) this.#panics += 1;
  }

  onFailure({ attempt }: Flight, kind: FailureKind): void {
    this.#attempts += 1;
    this.#deployments[attempt.host]!.fail(kind);
    if (kind === 'rate-limit' || kind === 'quota') this.#throttled += 1;
  }

  onAnswered(flight: Flight, charge: Charge, now: Ms): void {
    const { attempt, arrivedMs, key } = flight;
    this.#attempts += 1;
    this.#all.answered += 1;
    const keyTally = this.#keys[key]!;
    keyTally.answered += 1;
    if (flight.tried.length > 0) this.#countFailover(flight);
    this.#ttft.add((flight.stream ? attempt.contentAtMs : now) - arrivedMs);
    this.#total.add(now - arrivedMs);
    const deployment = this.#deployments[attempt.host]!;
    deployment.answer(attempt);
    const nanoUsd = this.#costOf(flight, charge);
    if (nanoUsd === null) {
      this.#unpriced += 1;
      return;
    }
    keyTally.cost.add(nanoUsd);
    deployment.pay(flight, nanoUsd);
    const { offer } = this.#options.deployments[attempt.host]!;
    const saved = savedByCache(offer, attempt, nanoUsd);
    this.#paid.add(nanoUsd, saved);
    for (let i = 0; i < this.#elsewhere.length; i++) {
      this.#elsewhere[i]!.add(attempt.host, attempt, nanoUsd, saved);
    }
  }

  onTruncated(flight: Flight): void {
    this.#all.truncated += 1;
    this.#keys[flight.key]!.truncated += 1;
    this.#unpriced += 1;
    if (flight.tried.length > 0) this.#countFailover(flight);
  }

  onFailed(flight: Flight): void {
    this.#all.failed += 1;
    this.#keys[flight.key]!.failed += 1;
    if (flight.tried.length > 1) this.#countFailover(flight);
  }

  onRefused(flight: Flight): void {
    this.#all.refused += 1;
    this.#keys[flight.key]!.refused += 1;
  }

  result(): ReplayResult {
    const fixedCosts = this.#options.fixedCosts.over(this.#firstMs, this.#lastMs);
    return {
      ...this.#all,
      firstMs: this.#firstMs,
      lastMs: this.#firstMs === null ? null : this.#lastMs,
      attempts: this.#attempts,
      failovers: this.#failovers,
      throttled: this.#throttled,
      panics: this.#panics,
      unpriced: this.#unpriced,
      paid: this.#paid.sums(),
      elsewhere: this.#elsewhere.map(market => market.paid.sums()),
      fixedCosts,
      deployments: this.#deployments.map(d => d.sums()),
      keys: this.#keys.map((tally, i) => this.#keySums(tally, i)),
      ttft: this.#ttft.sketch,
      total: this.#total.sketch,
    };
  }

  #keySums({ requests, answered, truncated, failed, refused, cost }: KeyTally, i: number): KeySums {
    const name = this.#options.keys[i]!;
    return { name, requests, answered, truncated, failed, refused, cost: cost.amount };
  }

  /** What was bought in advance costs nothing more. */
  #costOf({ attempt, arrivedMs }: Flight, charge: Charge): number | null {
    const nanoUsd = attempt.isCovered ? 0 : charge.nanoUsd;
    this.#options.fixedCosts.note(attempt.host, arrivedMs, nanoUsd ?? 0, attempt.outputTokens);
    return nanoUsd;
  }

  /** A request that was tried on more than one deployment. */
  #countFailover({ tried, attempt }: Flight): void {
    const { id } = this.#options.deployments[attempt.host]!;
    if (tried.some(one => one.deployment !== id)) this.#failovers += 1;
  }
}
