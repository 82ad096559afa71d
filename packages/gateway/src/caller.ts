// The caller's side of one request: its response stream, and whether it is still there.

import type { ServerResponse } from 'node:http';

export class Caller {
  readonly response: ServerResponse;
  gone = false;
  /** Called once when the caller goes away before its answer is whole. */
  onGone: (() => void) | null = null;
  /** Called when the caller has taken what was written, after a write that said "wait". */
  onDrain: (() => void) | null = null;
  #closed = false;

  constructor(response: ServerResponse) {
    this.response = response;
    response.on('close', () => this.#close());
    response.on('drain', () => this.onDrain?.());
  }

  get headSent(): boolean {
    return this.response.headersSent;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.response.writableFinished) return;
    this.gone = true;
    this.onGone?.();
  }
}
