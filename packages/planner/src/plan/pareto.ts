// Which plans no other is better than in everything: cost, days, chips. A plan whose price is
// unknown is compared by days and chips with those of its own accelerator that are unknown too:
// what its hosts cost could put it anywhere among the others.

export interface Rated {
  readonly acceleratorId: string;
  /** null is unknown. */
  readonly usd: number | null;
  readonly days: number;
  readonly chips: number;
}

/** A plan that is at least as good in all and better in one. */
export function dominates(a: Rated, b: Rated): boolean {
  if ((a.usd === null) !== (b.usd === null)) return false;
  if (a.usd === null && a.acceleratorId !== b.acceleratorId) return false;
  const [costA, costB] = [a.usd ?? 0, b.usd ?? 0];
  const noWorse = costA <= costB && a.days <= b.days && a.chips <= b.chips;
  return noWorse && (costA < costB || a.days < b.days || a.chips < b.chips);
}

/** For each of them, whether it is in the Pareto set. */
export function paretoSet(rated: readonly Rated[]): boolean[] {
  return rated.map(b => !rated.some(a => dominates(a, b)));
}
