// A counter with labels. What is counted again and again is found by labels that are texts already,
// one Map after another: to join them first costs more than all else.

interface Level {
  count: number;
  readonly next: Map<string, Level>;
}

export class Tally {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly #root: Level = newLevel();

  constructor(name: string, help: string, labelNames: readonly string[]) {
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
  }

  /** One value for each of `labelNames`. */
  add(labels: readonly string[], amount = 1): void {
    let level = this.#root;
    for (const label of labels) {
      let next = level.next.get(label);
      if (next === undefined) {
        next = newLevel();
        level.next.set(label, next);
      }
      level = next;
    }
    level.count += amount;
  }

  /** All that was counted, label values first. */
  *counts(): Generator<readonly [labels: readonly string[], count: number], void, void> {
    yield* countsBelow(this.#root, [], this.labelNames.length);
  }
}

function newLevel(): Level {
  return { count: 0, next: new Map() };
}

function* countsBelow(
  level: Level,
  labels: readonly string[],
  depth: number,
): Generator<readonly [readonly string[], number], void, void> {
  if (labels.length === depth) yield [labels, level.count];
  for (const [label, next] of level.next) yield* countsBelow(next, [...labels, label], depth);
}
