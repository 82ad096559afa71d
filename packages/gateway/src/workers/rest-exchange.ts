// Which deployments rest: what one worker has found out, the others need not meet themselves.

import type { Rest, SharesRests } from '@entrepot/engine/rest';

/** Two clocks and a message on its way: a rest that ends so much later is the same one. */
const slackMs = 50;

export class RestExchange {
  readonly #engine: SharesRests;
  /** Until when each rests as far as the others know, all kinds of rest added up. */
  readonly #known = new Map<string, number>();

  constructor(engine: SharesRests) {
    this.#engine = engine;
  }

  /** Rests that the others do not know of. */
  take(nowMs: number): readonly Rest[] {
    const news = this.#engine.rests(nowMs).filter(rest => {
      const known = this.#known.get(rest.deployment) ?? 0;
      return endsOf(rest, nowMs) > known + slackMs;
    });
    for (const rest of news) this.#known.set(rest.deployment, endsOf(rest, nowMs));
    return news;
  }

  hear(rests: readonly Rest[], nowMs: number): void {
    for (const rest of rests) this.#engine.addRest(rest, nowMs);
    for (const rest of this.#engine.rests(nowMs)) {
      if (!rests.some(({ deployment }) => deployment === rest.deployment)) continue;
      this.#known.set(rest.deployment, endsOf(rest, nowMs));
    }
  }
}

function endsOf({ openMs, holdMs, quotaMs }: Rest, nowMs: number): number {
  const ends = [openMs, holdMs, quotaMs].filter(ms => ms > 0).map(ms => nowMs + ms);
  return ends.reduce((sum, end) => sum + end, 0);
}
