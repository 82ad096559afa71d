// A histogram without labels, as cheap as an array.

/** How many durations were at most each of the bounds, and their sum, in seconds. */
export class Durations {
  readonly name: string;
  readonly help: string;
  readonly boundsSeconds: readonly number[];
  /** Of those above the bound before and at most this one; the last is above all bounds. */
  readonly counts: number[];
  sumSeconds = 0;

  constructor(name: string, help: string, boundsSeconds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.boundsSeconds = boundsSeconds;
    this.counts = new Array(boundsSeconds.length + 1).fill(0);
  }

  add(ms: number): void {
    const seconds = ms / 1000;
    let at = 0;
    while (at < this.boundsSeconds.length && seconds > this.boundsSeconds[at]!) at++;
    this.counts[at]!++;
    this.sumSeconds += seconds;
  }
}
