// A counter with labels, as cheap as a Map.

/** A counter's values by its label values, which are joined by tabs. */
export class Tally {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly counts: Map<string, number> = new Map();

  constructor(name: string, help: string, labelNames: readonly string[]) {
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
  }

  add(labels: string, amount = 1): void {
    this.counts.set(labels, (this.counts.get(labels) ?? 0) + amount);
  }
}
