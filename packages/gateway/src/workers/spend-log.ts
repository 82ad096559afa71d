// What the workers of a fleet have spent lately: for one that is started in the place of another,
// so that `maxShare` does not begin anew with it.

import { addUntold, type Spent } from '@entrepot/engine/spend';

const slots = 48;

export class SpendLog {
  readonly #spanMs: number;
  readonly #log: { readonly slot: number; readonly spent: Spent[] }[] = [];

  /** Remembers for `spanMs`. */
  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(spent: readonly Spent[], nowMs: number): void {
    const slot = this.#slot(nowMs);
    if (this.#log.at(-1)?.slot !== slot) this.#log.push({ slot, spent: [] });
    const last = this.#log.at(-1)!;
    for (const one of spent) addUntold(last.spent, one);
    while (this.#log[0]!.slot <= slot - slots) this.#log.shift();
  }

  sum(nowMs: number): readonly Spent[] {
    const oldest = this.#slot(nowMs) - slots;
    const sum: Spent[] = [];
    for (const { slot, spent } of this.#log) {
      if (slot > oldest) for (const one of spent) addUntold(sum, one);
    }
    return sum;
  }

  #slot(nowMs: number): number {
    return Math.floor(nowMs / (this.#spanMs / slots));
  }
}
