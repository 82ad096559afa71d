// What an encoder could not say, gathered while it writes.

import type { Loss } from './dialect.ts';

export class Losses {
  readonly list: Loss[] = [];
  readonly #told = new Set<string>();

  /** `field` is a path of the canonical form. The same loss of many events is told once. */
  add(field: string, reason: string): void {
    this.#tell({ field, reason });
  }

  /** What may be left out without asking, and is told all the same. */
  addMinor(field: string, reason: string): void {
    this.#tell({ field, reason, isMinor: true });
  }

  #tell(loss: Loss): void {
    const key = `${loss.field} ${loss.reason}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.list.push(loss);
  }
}
