// Hosts cut an emoji between two deltas, each with half of a surrogate pair. A half cannot be
// written as UTF-8, so it waits for the other.

export class SurrogateJoin {
  #half = '';

  /** The text with the half that was held back, less a half at its own end. */
  push(text: string): string {
    if (text === '') return '';
    const whole = this.#half + text;
    const last = whole.charCodeAt(whole.length - 1);
    const isHalf = last >= 0xd800 && last <= 0xdbff;
    this.#half = isHalf ? whole.slice(-1) : '';
    return isHalf ? whole.slice(0, -1) : whole;
  }

  /** The half that never met its other. */
  flush(): string {
    const half = this.#half;
    this.#half = '';
    return half;
  }
}
