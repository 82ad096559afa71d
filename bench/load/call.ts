// One request of the load: whether its whole answer came with status 200, and when it began.

import type { Dispatcher } from 'undici';

export class Call implements Dispatcher.DispatchHandler {
  readonly #dueMs: number;
  readonly #ended: (ok: boolean, firstMs: number) => void;
  #status = 0;
  #firstMs: number | null = null;

  constructor(dueMs: number, ended: (ok: boolean, firstMs: number) => void) {
    this.#dueMs = dueMs;
    this.#ended = ended;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(): void {
    this.#firstMs ??= performance.now() - this.#dueMs;
  }

  onResponseEnd(): void {
    this.#ended(this.#status === 200, this.#firstMs ?? 0);
  }

  onResponseError(): void {
    this.#ended(false, 0);
  }
}
