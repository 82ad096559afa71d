/** Nothing that long is a slip of the fingers, and the search is quadratic. */
const longestWord = 200;

/** The name that is most like `word`, or null when none is near: for "did you mean". */
export function nearest(word: string, names: readonly string[]): string | null {
  return nearestFew(word, names, 1)[0] ?? null;
}

/** At most `count` names that are like `word`, the most like first. */
export function nearestFew(word: string, names: readonly string[], count: number): string[] {
  if (word.length > longestWord) return [];
  const limit = Math.max(2, Math.floor(word.length / 3));
  return names
    .filter(name => Math.abs(name.length - word.length) <= limit)
    .map(name => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return near === null ? '' : `; did you mean ${near}?`;
}

/** Levenshtein distance: insertions, deletions and replacements, each 1. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
