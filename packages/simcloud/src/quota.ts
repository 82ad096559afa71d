// The quotas of one model at one cloud: requests and tokens per minute, as buckets that refill all
// the time. A minute is a virtual one: it passes faster by the simulation's speed.

export interface QuotaFigures {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

/** Ample, so that only who asks for quotas meets them. */
export const defaultQuota: QuotaFigures = {
  requestsPerMinute: 600_000,
  tokensPerMinute: 1_000_000_000,
};

/** One bucket as headers tell it. `resetMs` is real time until it is full. */
export interface QuotaState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

export interface QuotaStates {
  readonly requests: QuotaState;
  readonly tokens: QuotaState;
}

export interface Exceeded {
  readonly unit: 'requests' | 'tokens';
  /** Real time until the request would fit. */
  readonly retryAfterMs: number;
  readonly states: QuotaStates;
}

class Bucket {
  readonly #limit: number;
  readonly #perMs: number;
  #left: number;
  #atMs: number;

  constructor(limit: number, speed: number, nowMs: number) {
    this.#limit = limit;
    this.#perMs = (limit * speed) / 60_000;
    this.#left = limit;
    this.#atMs = nowMs;
  }

  refill(nowMs: number): void {
    const passed = Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(this.#limit, this.#left + passed * this.#perMs);
    this.#atMs = nowMs;
  }

  /** A request larger than the whole bucket fits when the bucket is full. */
  waitMs(amount: number): number {
    const lacking = Math.min(amount, this.#limit) - this.#left;
    return lacking <= 0 ? 0 : lacking / this.#perMs;
  }

  take(amount: number): void {
    this.#left -= amount;
  }

  state(): QuotaState {
    const remaining = Math.max(0, Math.floor(this.#left));
    return { limit: this.#limit, remaining, resetMs: (this.#limit - this.#left) / this.#perMs };
  }
}

export class Quota {
  readonly #requests: Bucket;
  readonly #tokens: Bucket;

  constructor(figures: QuotaFigures, speed: number, nowMs: number) {
    this.#requests = new Bucket(figures.requestsPerMinute, speed, nowMs);
    this.#tokens = new Bucket(figures.tokensPerMinute, speed, nowMs);
  }

  /** Takes one request and its tokens, or neither. */
  take(tokens: number, nowMs: number): Exceeded | null {
    this.#requests.refill(nowMs);
    this.#tokens.refill(nowMs);
    const requestWaitMs = this.#requests.waitMs(1);
    const tokenWaitMs = this.#tokens.waitMs(tokens);
    if (requestWaitMs > 0 || tokenWaitMs > 0) {
      const unit = requestWaitMs >= tokenWaitMs ? 'requests' : 'tokens';
      const retryAfterMs = Math.ceil(Math.max(requestWaitMs, tokenWaitMs));
      return { unit, retryAfterMs, states: this.states() };
    }
    this.#requests.take(1);
    this.#tokens.take(tokens);
    return null;
  }

  states(): QuotaStates {
    return { requests: this.#requests.state(), tokens: this.#tokens.state() };
  }
}
