// Money that may be spent. What a call can cost at most is held before it is made and settled
// after, so that the budget is never overspent.

import type { Offer } from '@entrepot/catalog/offer';
import { chargeOf } from '@entrepot/engine/charge';
import type { Route } from '@entrepot/engine/deployment';
import { estimateOf } from '@entrepot/engine/estimate';
import type { Usage } from '@entrepot/engine/intent';

export class Budget {
  readonly nanoUsd: number;
  #spentNanoUsd = 0;
  #heldNanoUsd = 0;

  constructor(nanoUsd: number) {
    this.nanoUsd = nanoUsd;
  }

  get spentNanoUsd(): number {
    return this.#spentNanoUsd;
  }

  /** False when it is not there: then nothing is held. */
  hold(nanoUsd: number): boolean {
    if (this.#spentNanoUsd + this.#heldNanoUsd + nanoUsd > this.nanoUsd) return false;
    this.#heldNanoUsd += nanoUsd;
    return true;
  }

  /** Gives back what was held for a call, which cost `spentNanoUsd`. */
  settle(heldNanoUsd: number, spentNanoUsd: number): void {
    this.#heldNanoUsd -= heldNanoUsd;
    this.#spentNanoUsd += spentNanoUsd;
  }
}

/**
 * The most that a call can cost on any deployment of a route: a prompt has no more tokens than its
 * body has bytes. null where a price is unknown.
 */
export function mostOf(
  { name, deployments }: Route,
  bodyBytes: number,
  maxOutputTokens: number,
): number | null {
  let most = 0;
  for (const { offer } of deployments) {
    const { nanoUsd } = estimateOf(offer, {
      route: name,
      dialect: 'openai-chat',
      operation: 'generate',
      stream: false,
      features: [],
      inputTokens: bodyBytes,
      maxOutputTokens,
      key: '',
    });
    if (nanoUsd === null) return null;
    most = Math.max(most, nanoUsd);
  }
  return most;
}

/** What an answer cost; all that was held where that is not known. */
export function spentOn(offer: Offer, usage: Usage | null, heldNanoUsd: number): number {
  const charge = usage === null ? null : chargeOf(offer, usage).nanoUsd;
  return Math.min(charge ?? heldNanoUsd, heldNanoUsd);
}
