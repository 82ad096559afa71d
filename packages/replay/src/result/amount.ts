// Sums of money of any size, exact: nano-USD alone leave the safe integers at nine million dollars.

const nanoPerUsd = 1_000_000_000;

/** `usd` and `nanoUsd` are whole, and 0 <= nanoUsd < 10^9. */
export interface Amount {
  readonly usd: number;
  readonly nanoUsd: number;
}

export const nothing: Amount = { usd: 0, nanoUsd: 0 };

export function amountOf(nanoUsd: number): Amount {
  const usd = Math.floor(nanoUsd / nanoPerUsd);
  return { usd, nanoUsd: nanoUsd - usd * nanoPerUsd };
}

export function addAmounts(a: Amount, b: Amount): Amount {
  const { usd, nanoUsd } = amountOf(a.nanoUsd + b.nanoUsd);
  return { usd: a.usd + b.usd + usd, nanoUsd };
}

export function subtractAmounts(a: Amount, b: Amount): Amount {
  const { usd, nanoUsd } = amountOf(a.nanoUsd - b.nanoUsd);
  return { usd: a.usd - b.usd + usd, nanoUsd };
}

/** As near as a double is. */
export function toUsd({ usd, nanoUsd }: Amount): number {
  return usd + nanoUsd / nanoPerUsd;
}

/** A sum that grows by whole nano-USD. */
export class Purse {
  #usd = 0;
  #nanoUsd = 0;

  add(nanoUsd: number): void {
    this.#nanoUsd += nanoUsd;
    if (this.#nanoUsd >= nanoPerUsd || this.#nanoUsd < 0) this.#carry();
  }

  #carry(): void {
    const { usd, nanoUsd } = amountOf(this.#nanoUsd);
    this.#usd += usd;
    this.#nanoUsd = nanoUsd;
  }

  get amount(): Amount {
    return { usd: this.#usd, nanoUsd: this.#nanoUsd };
  }
}
