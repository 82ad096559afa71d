// What is paid beside the charge of each answer: throughput by the hour, promised spend, and bytes
// that leave a cloud.

import { matches } from '@entrepot/catalog/criteria';
import { sinceStart, type Window } from '@entrepot/catalog/window';
import type { Commitment, EgressCost, World } from '@entrepot/catalog/world';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Ms } from '@entrepot/engine/engine';
import { type Amount, amountOf, Purse } from './amount.ts';
import type { FixedCost } from './replay-result.ts';

const hourMs = 3_600_000;
const gib = 2 ** 30;
/** A token of output is about so many bytes of text, in an event of a stream. */
const bytesPerToken = 4;

/** Spend by hour on the offers that a promise means, at their own prices. */
class Promised {
  readonly commitment: Commitment;
  readonly window: Window;
  readonly cloud: string;
  readonly #spent = new Map<number, number>();

  constructor(commitment: Commitment, window: Window, cloud: string) {
    this.commitment = commitment;
    this.window = window;
    this.cloud = cloud;
  }

  note(atMs: Ms, nanoUsd: number): void {
    if (atMs < this.window.fromMs || atMs >= this.window.untilMs) return;
    const hour = Math.floor(atMs / hourMs);
    this.#spent.set(hour, (this.#spent.get(hour) ?? 0) + nanoUsd);
  }

  /**
   * What it changes of the cost: each hour the promise is paid, and takes off the spend that it
   * covers at the lower price.
   */
  change(firstMs: Ms, lastMs: Ms): Amount {
    const { nanoUsdPerHour, discountPercent } = this.commitment;
    const covers = nanoUsdPerHour / (1 - discountPercent / 100);
    const from = Math.max(firstMs, this.window.fromMs);
    const until = Math.min(lastMs, this.window.untilMs);
    const purse = new Purse();
    for (let hour = Math.floor(from / hourMs); hour * hourMs < until; hour++) {
      const start = Math.max(from, hour * hourMs);
      const share = (Math.min(until, (hour + 1) * hourMs) - start) / hourMs;
      const covered = Math.min(this.#spent.get(hour) ?? 0, covers * share);
      purse.add(Math.round(nanoUsdPerHour * share - covered));
    }
    return purse.amount;
  }
}

/** Bytes that leave a cloud while that is charged for. */
class Egress {
  readonly #cost: EgressCost;
  readonly #window: Window | null;
  #tokens = 0;

  constructor(cost: EgressCost, startUnixMs: number | null) {
    this.#cost = cost;
    this.#window = sinceStart(cost.window, startUnixMs);
  }

  note(cloud: string, atMs: Ms, outputTokens: number): void {
    const window = this.#window;
    if (window === null || cloud !== this.#cost.cloud) return;
    if (atMs >= window.fromMs && atMs < window.untilMs) this.#tokens += outputTokens;
  }

  get cost(): FixedCost {
    const { cloud, nanoUsdPerGib } = this.#cost;
    const nanoUsd = Math.round((this.#tokens * bytesPerToken * nanoUsdPerGib) / gib);
    return { what: 'egress', cloud, cost: amountOf(nanoUsd) };
  }
}

export class FixedCosts {
  readonly #world: World;
  readonly #startUnixMs: number | null;
  readonly #deployments: readonly Deployment[];
  /** By deployment. */
  readonly #promised: (readonly Promised[])[];
  readonly #egress: readonly Egress[];
  readonly #isNeeded: boolean;

  constructor(world: World, startUnixMs: number | null, deployments: readonly Deployment[]) {
    this.#world = world;
    this.#startUnixMs = startUnixMs;
    this.#deployments = deployments;
    const promises = world.commitments.flatMap(commitment => {
      const window = sinceStart(commitment.window, startUnixMs);
      const meant = deployments.find(d => matches(d.offer, commitment.match));
      if (window === null || meant === undefined) return [];
      return new Promised(commitment, window, meant.offer.cloud);
    });
    this.#promised = deployments.map(d =>
      promises.filter(p => matches(d.offer, p.commitment.match)),
    );
    this.#egress = world.egress.map(cost => new Egress(cost, startUnixMs));
    this.#isNeeded = promises.length + world.egress.length > 0;
  }

  note(deployment: number, atMs: Ms, nanoUsd: number, outputTokens: number): void {
    if (!this.#isNeeded) return;
    const { cloud } = this.#deployments[deployment]!.offer;
    for (const egress of this.#egress) egress.note(cloud, atMs, outputTokens);
    for (const promised of this.#promised[deployment]!) promised.note(atMs, nanoUsd);
  }

  /** Over the time of the traffic. */
  over(firstMs: Ms | null, lastMs: Ms): FixedCost[] {
    if (firstMs === null) return [];
    return [
      ...this.#throughput(firstMs, lastMs),
      ...[...new Set(this.#promised.flat())].map(promised => ({
        what: 'commitment',
        cloud: promised.cloud,
        cost: promised.change(firstMs, lastMs),
      })),
      ...this.#egress.map(egress => egress.cost),
    ];
  }

  #throughput(firstMs: Ms, lastMs: Ms): FixedCost[] {
    return this.#world.provisioned.flatMap(bought => {
      const window = sinceStart(bought.window, this.#startUnixMs);
      const meant = this.#deployments.find(d => matches(d.offer, bought.match));
      if (window === null || meant === undefined) return [];
      const fromMs = Math.max(firstMs, window.fromMs);
      const hours = Math.max(0, Math.min(lastMs, window.untilMs) - fromMs) / hourMs;
      const nanoUsd = Math.round(bought.units * bought.nanoUsdPerUnitHour * hours);
      return { what: 'provisioned', cloud: meant.offer.cloud, cost: amountOf(nanoUsd) };
    });
  }
}
