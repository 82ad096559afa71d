// What is to happen in virtual time, by time, and by order of entry within the same time: a heap in
// which each node has four children, on typed arrays, since it is turned over for every attempt.

/** A moment when something happens to `what`. */
export class Agenda<T> {
  #times = new Float64Array(1024);
  #order = new Float64Array(1024);
  #entered = 0;
  readonly #what: T[] = [];
  #size = 0;

  /** Infinity when there is nothing. */
  get nextMs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  /** Gives the number of the entry. */
  add(atMs: number, what: T): number {
    if (this.#size === this.#times.length) this.#grow();
    const number = this.#entered++;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (this.#times[parent]! <= atMs) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, atMs, number, what);
    return number;
  }

  /** The number of the entry that is next. */
  get nextNumber(): number {
    return this.#order[0]!;
  }

  /** Takes out what is next; only to be called while there is something. */
  take(): T {
    const first = this.#what[0]!;
    const last = --this.#size;
    const atMs = this.#times[last]!;
    const number = this.#order[last]!;
    const what = this.#what[last]!;
    this.#what[last] = undefined as T;
    if (last > 0) this.#sink(atMs, number, what);
    return first;
  }

  /** All that is entered, in no order; entries that are out of date are among it. */
  planned(): readonly T[] {
    return this.#what.slice(0, this.#size);
  }

  #sink(atMs: number, number: number, what: T): void {
    const times = this.#times;
    const order = this.#order;
    const size = this.#size;
    let at = 0;
    for (;;) {
      const child = 4 * at + 1;
      if (child >= size) break;
      let least = child;
      let leastMs = times[child]!;
      const end = Math.min(child + 4, size);
      for (let other = child + 1; other < end; other++) {
        const otherMs = times[other]!;
        if (otherMs > leastMs || (otherMs === leastMs && order[other]! > order[least]!)) continue;
        least = other;
        leastMs = otherMs;
      }
      if (leastMs > atMs || (leastMs === atMs && order[least]! > number)) break;
      this.#move(least, at);
      at = least;
    }
    this.#put(at, atMs, number, what);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from]!, this.#order[from]!, this.#what[from]!);
  }

  #put(at: number, atMs: number, number: number, what: T): void {
    this.#times[at] = atMs;
    this.#order[at] = number;
    this.#what[at] = what;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#times.length);
    const order = new Float64Array(times.length);
    times.set(this.#times);
    order.set(this.#order);
    this.#times = times;
    this.#order = order;
  }
}
