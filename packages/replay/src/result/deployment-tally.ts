// The sums of one deployment, with what it would cost to leave its cloud.

import type { Offer } from '@entrepot/catalog/offer';
import { costOf } from '@entrepot/engine/charge';
import type { Choice } from '@entrepot/engine/choice';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Usage } from '@entrepot/engine/intent';
import type { FailureKind } from '@entrepot/engine/outcome';
import type { Flight } from '../flight.ts';
import { Purse } from './amount.ts';
import type { DeploymentSums } from './replay-result.ts';

export class DeploymentTally {
  readonly #deployment: Deployment;
  readonly #failures: Partial<Record<FailureKind, number>> = {};
  readonly #cost = new Purse();
  readonly #lockedCost = new Purse();
  readonly #leavingCost = new Purse();
  #failed = 0;
  #answered = 0;
  #freshTokens = 0;
  #cachedTokens = 0;
  #outputTokens = 0;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  fail(kind: FailureKind): void {
    this.#failed += 1;
    this.#failures[kind] = (this.#failures[kind] ?? 0) + 1;
  }

  answer({ inputTokens, cachedReadTokens, outputTokens }: Usage): void {
    this.#answered += 1;
    this.#freshTokens += inputTokens - cachedReadTokens;
    this.#cachedTokens += cachedReadTokens;
    this.#outputTokens += outputTokens;
  }

  /** An answer's cost, and what the best candidate of another cloud would have cost more. */
  pay({ choice, nextCloud, attempt }: Flight, nanoUsd: number): void {
    this.#cost.add(nanoUsd);
    const { cloud } = this.#deployment.offer;
    const isElse = nextCloud !== null && nextCloud.cloud !== cloud;
    const other = isElse ? nextCloud : otherThan(cloud, choice!);
    const there = other === null ? null : costOf(other, attempt);
    if (there === null) this.#lockedCost.add(nanoUsd);
    else this.#leavingCost.add(there - nanoUsd);
  }

  sums(): DeploymentSums {
    const { id, offer } = this.#deployment;
    return {
      id,
      offer: offer.id,
      cloud: offer.cloud,
      model: offer.model,
      attempts: this.#answered + this.#failed,
      answered: this.#answered,
      failures: Object.fromEntries(Object.entries(this.#failures).sort()),
      cost: this.#cost.amount,
      freshTokens: this.#freshTokens,
      cachedTokens: this.#cachedTokens,
      outputTokens: this.#outputTokens,
      lockedCost: this.#lockedCost.amount,
      leavingCost: this.#leavingCost.amount,
    };
  }
}

/** The best candidate that is not on a cloud, and whose price is known. */
export function otherThan(cloud: string | undefined, { candidates }: Choice): Offer | null {
  for (let i = 0; i < candidates.length; i++) {
    const { offer } = candidates[i]!.deployment;
    if (offer.cloud !== cloud && offer.prices.inputPicoUsd !== null) return offer;
  }
  return null;
}
