// When a worker that has died is started again: at once after a life, later and later after none.

/** A worker that has served this long did not die of its start. */
const lifeMs = 1_000;
const firstWaitMs = 100;
const longestWaitMs = 5_000;
/** Starts in a row that come to nothing, until there is no hope while nobody serves. */
const hopeless = 5;

export class Restarts {
  #inVain = 0;

  /** How long to wait. `servedMs`: how long the one that died had served; null: not at all. */
  waitMs(servedMs: number | null): number {
    if (servedMs !== null && servedMs >= lifeMs) {
      this.#inVain = 0;
      return 0;
    }
    return Math.min(longestWaitMs, firstWaitMs * 2 ** this.#inVain++);
  }

  get hopeless(): boolean {
    return this.#inVain >= hopeless;
  }
}
