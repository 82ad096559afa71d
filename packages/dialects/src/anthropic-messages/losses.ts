// What an encoder could not say, gathered while it writes.

import type { Loss } from '../dialect.ts';

export class Losses {
  readonly list: Loss[] = [];

  /** `field` is a path of the canonical form. The same loss of many events is told once. */
  add(field: string, reason: string): void {
    if (this.list.some(loss => loss.field === field && loss.reason === reason)) return;
    this.list.push({ field, reason });
  }
}
