import type { Target } from '../config/target.ts';

/** Something made once for each target, when it is first asked for: an address, a header. */
export class PerTarget<T> {
  readonly #make: (target: Target) => T;
  readonly #made = new WeakMap<Target, { readonly value: T }>();

  constructor(make: (target: Target) => T) {
    this.#make = make;
  }

  of(target: Target): T {
    let made = this.#made.get(target);
    if (made === undefined) {
      made = { value: this.#make(target) };
      this.#made.set(target, made);
    }
    return made.value;
  }
}
