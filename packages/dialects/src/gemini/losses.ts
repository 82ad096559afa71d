// What an encoder could not say, gathered while it writes.

import type { Loss } from '../dialect.ts';

export class Losses {
  readonly list: Loss[] = [];

  /** `field` is a path of the canonical form. */
  add(field: string, reason: string): void {
    this.list.push({ field, reason });
  }
}
