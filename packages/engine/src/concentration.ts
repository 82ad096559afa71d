/**
 * Concentration of spend by cloud: the Herfindahl-Hirschman index, the sum of the squared shares in
 * per cent. 10,000 is one cloud alone, 10,000 / n is n equal ones; null when nothing was spent.
 * Definition and the usual line for "highly concentrated" (above 1,800): U.S. Department of Justice
 * and Federal Trade Commission, Merger Guidelines (December 2023), Guideline 1.
 *
 * Amounts are in any one unit, by cloud. Throws RangeError for an amount that is negative or not
 * finite.
 */
export function hhi(spendByCloud: Readonly<Record<string, number>>): number | null {
  let total = 0;
  let largest = 0;
  for (const [cloud, amount] of Object.entries(spendByCloud)) {
    if (!Number.isFinite(amount) || amount < 0)
      throw new RangeError(`spend of ${cloud}: ${amount}`);
    total += amount;
    largest = Math.max(largest, amount);
  }
  if (largest === 0) return null;
  let sumOfSquares = 0;
  for (const amount of Object.values(spendByCloud)) sumOfSquares += ((100 * amount) / total) ** 2;
  return Math.min(10_000, sumOfSquares);
}
