// What a sample found, by the route of the requests and the model that answered in its place.

import { type Preference, preferenceOf } from './preference.ts';

export interface Judged {
  readonly route: string;
  /** The models of the route's own answer and of the candidate's. */
  readonly was: string;
  readonly is: string;
  /** Whether the candidate's answer is the better one; null is a tie. */
  readonly isFor: boolean | null;
  /** Whether the answer that stood first is. */
  readonly isFirst: boolean;
}

export interface Compared extends Preference {
  readonly route: string;
  readonly model: string;
  /** What it was compared with. */
  readonly against: readonly string[];
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

export class SampleTally {
  readonly #compared = new Map<string, { route: string; model: string; judged: Judged[] }>();
  readonly #failures = new Map<string, number>();
  #same = 0;

  judged(one: Judged): void {
    const key = `${one.route} ${one.is}`;
    const entry = this.#compared.get(key) ?? { route: one.route, model: one.is, judged: [] };
    entry.judged.push(one);
    this.#compared.set(key, entry);
  }

  /** The candidate's answer came from the same model. */
  same(): void {
    this.#same += 1;
  }

  failed(route: string, why: string): void {
    const key = `${route}: ${why}`;
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
  }

  get compared(): readonly Compared[] {
    const all = [...this.#compared.values()].map(({ route, model, judged }): Compared => {
      const count = (isFor: boolean | null): number =>
        judged.filter(one => one.isFor === isFor).length;
      const tally = { wins: count(true), ties: count(null), losses: count(false) };
      const against = [...new Set(judged.map(({ was }) => was))].sort();
      return { route, model, against, ...tally, ...preferenceOf(tally) };
    });
    return all.sort((a, b) => (a.route + a.model < b.route + b.model ? -1 : 1));
  }

  /** Pairs of which both answers were of one model: they are equal, and were not judged. */
  get pairsOfOneModel(): number {
    return this.#same;
  }

  /** Of the pairs that were not tied, those whose first answer won: 0.5 where the judge is fair. */
  get firstPlace(): Preference {
    const judged = [...this.#compared.values()].flatMap(one => one.judged);
    const decided = judged.filter(({ isFor }) => isFor !== null);
    const wins = decided.filter(({ isFirst }) => isFirst).length;
    return preferenceOf({ wins, ties: 0, losses: decided.length - wins });
  }

  get failures(): readonly string[] {
    return [...this.#failures].map(([what, count]) => `${count} x ${what}`);
  }
}
