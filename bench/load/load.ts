// The load, as a process of its own. With a `rate` it is open-loop: requests leave at fixed times
// whether or not answers have come, and latency counts from the time they were due. Without one
// each connection sends its next request when it has its answer. Prints JSON.
//
//   echo '{"url":"http://127.0.0.1:8080/...","body":"...",...}' | node bench/load/load.ts

import { readFileSync } from 'node:fs';
import { Client } from 'undici';
import { Call } from './call.ts';
import { type Quantiles, quantiles } from './quantiles.ts';

export interface LoadInput {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Keys that the requests bring in turn, far from each other in the list. */
  readonly keys?: readonly string[];
  readonly connections: number;
  /** Requests per second, evenly spaced; null takes as many as the connections can. */
  readonly rate: number | null;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  /** From when a request was due to the end of its answer. */
  readonly totalMs: Quantiles;
  /** From when a request was due to the first byte of its answer's body. */
  readonly firstByteMs: Quantiles;
}

/** The load is slow until V8 has compiled it: what is due before is sent and not timed. */
const warmUpMs = 1000;

class Load {
  readonly #input: LoadInput;
  readonly #path: string;
  readonly #idle: Client[];
  readonly #waiting: number[] = [];
  readonly #totals: number[] = [];
  readonly #firsts: number[] = [];
  #failures = 0;
  /** Answers of the time of warming up. */
  #early = 0;
  #countedFromMs = 0;
  #open = 0;
  #at = 0;
  #done: () => void = () => {};
  /** When the next request of a connection that is free was due; null where there is none. */
  #next: () => number | null = () => this.#waiting.shift() ?? null;

  constructor(input: LoadInput) {
    const { origin, pathname } = new URL(input.url);
    this.#input = input;
    this.#path = pathname;
    const options = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
    this.#idle = Array.from({ length: input.connections }, () => new Client(origin, options));
  }

  async run(): Promise<LoadResult> {
    const { rate } = this.#input;
    const clients = [...this.#idle];
    const began = performance.now();
    this.#countedFromMs = began + warmUpMs;
    await (rate === null ? this.#closedLoop(began) : this.#openLoop(began, rate));
    const seconds = (performance.now() - began) / 1000;
    await Promise.all(clients.map(client => client.destroy()));
    return {
      requests: this.#totals.length + this.#early + this.#failures,
      failures: this.#failures,
      seconds,
      totalMs: quantiles(this.#totals),
      firstByteMs: quantiles(this.#firsts),
    };
  }

  #closedLoop(began: number): Promise<void> {
    const until = began + this.#input.seconds * 1000;
    this.#next = () => {
      const now = performance.now();
      return now < until ? now : null;
    };
    for (const client of this.#idle.splice(0)) this.#send(client, performance.now());
    return this.#allDone();
  }

  async #openLoop(began: number, rate: number): Promise<void> {
    const total = Math.round(rate * this.#input.seconds);
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate) + 1);
      for (; sent < due; sent++) this.#sendOrWait(began + (sent / rate) * 1000);
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    await this.#allDone();
  }

  #sendOrWait(dueMs: number): void {
    const client = this.#idle.pop();
    if (client === undefined) this.#waiting.push(dueMs);
    else this.#send(client, dueMs);
  }

  #send(client: Client, dueMs: number): void {
    this.#open++;
    const { body } = this.#input;
    const headers = this.#headers();
    const request = { path: this.#path, method: 'POST', headers, body } as const;
    const ended = (ok: boolean, firstMs: number): void => this.#ended(client, dueMs, ok, firstMs);
    client.dispatch(request, new Call(dueMs, ended));
  }

  #headers(): Readonly<Record<string, string>> {
    const { headers, keys } = this.#input;
    if (keys === undefined) return headers;
    // A prime: neighbours would lie together in the caches.
    this.#at = (this.#at + 7919) % keys.length;
    return { ...headers, authorization: `Bearer ${keys[this.#at]}` };
  }

  #ended(client: Client, dueMs: number, ok: boolean, firstMs: number): void {
    this.#open--;
    if (ok && dueMs >= this.#countedFromMs) {
      this.#totals.push(performance.now() - dueMs);
      this.#firsts.push(firstMs);
    } else if (ok) this.#early++;
    else this.#failures++;
    // In a turn of its own: undici is not done with this call yet.
    setImmediate(() => this.#free(client));
  }

  #free(client: Client): void {
    const dueMs = this.#next();
    if (dueMs !== null) this.#send(client, dueMs);
    else this.#idle.push(client);
    if (this.#isDone()) this.#done();
  }

  #isDone(): boolean {
    return this.#open === 0 && this.#idle.length === this.#input.connections;
  }

  #allDone(): Promise<void> {
    return new Promise(resolve => {
      this.#done = resolve;
      if (this.#isDone()) resolve();
    });
  }
}

// By standard input: a body of a megabyte is too long for a command line.
const input = JSON.parse(readFileSync(0, 'utf8')) as LoadInput;
process.stdout.write(JSON.stringify(await new Load(input).run()));
