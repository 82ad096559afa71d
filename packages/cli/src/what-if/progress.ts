// How far a comparison is: on a terminal one line that changes, elsewhere a line now and then.

import type { Output } from '../command.ts';

const drawEveryMs = 200;
const lookEveryMs = 1000;
/** A log shall not be full of it. */
const noteEveryMs = 10_000;

export class Progress {
  readonly #output: Output;
  readonly #requests: number | null;
  readonly #replayed: () => number;
  readonly #startMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #notedMs = Number.NEGATIVE_INFINITY;

  /** `requests` are all that there are to replay; null is unknown. */
  constructor(output: Output, requests: number | null, replayed: () => number) {
    this.#output = output;
    this.#requests = requests;
    this.#replayed = replayed;
    this.#timer = output.isTerminal
      ? setInterval(this.#draw, drawEveryMs)
      : setInterval(this.#note, lookEveryMs);
  }

  get seconds(): number {
    return (performance.now() - this.#startMs) / 1000;
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#output.isTerminal) process.stderr.write('\r\x1b[K');
  }

  readonly #draw = (): void => {
    process.stderr.write(`\r\x1b[K${this.#text()}`);
  };

  readonly #note = (): void => {
    const nowMs = performance.now();
    if (this.#replayed() === 0 || nowMs - this.#notedMs < noteEveryMs) return;
    this.#notedMs = nowMs;
    this.#output.note(this.#text());
  };

  #text(): string {
    const done = this.#replayed();
    const rate = done / this.seconds;
    const speed = `${whole(rate)} requests/s`;
    if (this.#requests === null || rate === 0) return `${whole(done)} replayed, ${speed}`;
    const left = Math.max(0, this.#requests - done) / rate;
    const share = Math.floor((100 * done) / this.#requests);
    return `${whole(done)} of ${whole(this.#requests)} replayed (${share} %), ${speed}, ${time(left)} left`;
  }
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function time(seconds: number): string {
  const rounded = Math.ceil(seconds);
  if (rounded < 60) return `${rounded} s`;
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}
