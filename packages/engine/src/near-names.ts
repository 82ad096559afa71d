/**
 * Up to three of the known names that are like a mistyped one, nearest first: by edit distance
 * (Levenshtein), at most a third of the longer name. Long names are not compared, since a caller
 * chooses them.
 */
export function nearNames(name: string, known: Iterable<string>): string[] {
  if (name.length > 100) return [];
  const wanted = name.toLowerCase();
  const near: { name: string; distance: number }[] = [];
  for (const other of known) {
    const longer = Math.max(wanted.length, other.length);
    if (other.length > 100) continue;
    const distance = editDistance(wanted, other.toLowerCase());
    if (distance <= longer / 3) near.push({ name: other, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, 3).map(one => one.name);
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}
