// Random numbers by what they are for. Those of a request depend on the seed, on its place in the
// traffic and on nothing else, so that two replays of the same traffic draw alike however their
// decisions differ: what then differs between them is the change and not luck.

/** A number of 32 bits from two, by the finalizer of MurmurHash3 (public domain). */
export function mixed(a: number, b: number): number {
  let hash = a ^ Math.imul(b, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number of 32 bits from a text (FNV-1a), to name a purpose or a deployment. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export class Draws {
  #state = 0;
  #spare = 0;
  /** Uniform in [0, 1): the engine's `Random`. */
  readonly uniform = (): number => this.next();

  constructor(seed: number) {
    this.restart(seed, 0);
  }

  /** From here on the draws of one request, or of one thing, alone. */
  restart(seed: number, number: number): void {
    this.#state = mixed(seed, number) | 0;
  }

  /** mulberry32 (public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const state = this.#state;
    let out = Math.imul(state ^ (state >>> 15), state | 1);
    out ^= out + Math.imul(out ^ (out >>> 7), out | 61);
    return ((out ^ (out >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Standard normal; `spareNormal` is a second one for the same work (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Independent of the normal that was drawn last; to be taken once. */
  spareNormal(): number {
    return this.#spare;
  }
}
