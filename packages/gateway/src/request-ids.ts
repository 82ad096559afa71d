// Request ids: a random prefix per process and a counter. Unique without a call per request, and
// in the order of arrival within a process.

import { randomBytes } from 'node:crypto';

export class RequestIds {
  readonly #prefix = `req_${randomBytes(9).toString('hex')}`;
  #count = 0;

  next(): string {
    this.#count++;
    return `${this.#prefix}${this.#count.toString(36).padStart(7, '0')}`;
  }
}
