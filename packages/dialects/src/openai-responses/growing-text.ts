// A text that comes in deltas, and is repeated whole at its end. Hosts leave out either.

import { SurrogateJoin } from '../surrogate-join.ts';

export class GrowingText {
  readonly #join = new SurrogateJoin();
  text = '';

  push(text: string): string {
    this.text += text;
    return this.#join.push(text);
  }

  /** What is missing of the whole text; nothing if it is another one than was said. */
  rest(whole: string): string {
    const missing = whole.startsWith(this.text) ? whole.slice(this.text.length) : '';
    return this.push(missing) + this.#join.flush();
  }
}
