// One line that says how the play goes; where there is no terminal, a line per event instead.

import type { Output } from '../command.ts';
import type { Progress } from './play.ts';

export class ProgressLine {
  readonly #output: Output;
  readonly #durationMs: number;
  readonly #planned: number;
  #last: Progress = { elapsedMs: 0, sent: 0, done: 0, failed: 0 };
  #says = 'all clouds are well';

  constructor(output: Output, durationMs: number, planned: number) {
    this.#output = output;
    this.#durationMs = durationMs;
    this.#planned = planned;
  }

  show(progress: Progress): void {
    this.#last = progress;
    if (this.#output.isTerminal) process.stderr.write(`\r\x1b[K${this.#text()}`);
  }

  event(says: string): void {
    this.#says = says;
    if (!this.#output.isTerminal) this.#output.note(this.#text());
  }

  end(): void {
    if (this.#output.isTerminal) process.stderr.write('\r\x1b[K');
    else this.#output.note(this.#text());
  }

  #text(): string {
    const { done, elapsedMs, failed } = this.#last;
    const at = `${(elapsedMs / 1000).toFixed(0)} of ${(this.#durationMs / 1000).toFixed(0)} s`;
    return `${at}   ${done} of ${this.#planned} answered, ${failed} failures   ${this.#says}`;
  }
}
