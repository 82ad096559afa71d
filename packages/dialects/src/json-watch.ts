// Words to look for in the bytes of a JSON body while it is scanned: grouped by length, so that a
// key of another length costs one look-up.

/** What to look for below the top level. Build once for each dialect. */
export class JsonWatch {
  readonly #keys: readonly (readonly string[])[];
  readonly #types: readonly (readonly string[])[];
  readonly #binary: readonly (readonly string[])[];

  /**
   * `keys`: words that count when they stand as a key. `types`: words that count when they are the
   * string under a key `type`. `binary`: keys whose strings are not text (base64, URLs).
   */
  constructor(words: {
    readonly keys?: readonly string[];
    readonly types?: readonly string[];
    readonly binary?: readonly string[];
  }) {
    this.#keys = byLength(words.keys ?? []);
    this.#types = byLength(words.types ?? []);
    this.#binary = byLength(words.binary ?? []);
  }

  key(bytes: Uint8Array, start: number, end: number): string | null {
    return match(this.#keys, bytes, start, end);
  }

  type(bytes: Uint8Array, start: number, end: number): string | null {
    return match(this.#types, bytes, start, end);
  }

  isBinary(bytes: Uint8Array, start: number, end: number): boolean {
    return match(this.#binary, bytes, start, end) !== null;
  }
}

function byLength(words: readonly string[]): readonly (readonly string[])[] {
  const table: string[][] = [];
  for (const word of words) {
    table[word.length] ??= [];
    table[word.length]!.push(word);
  }
  return table;
}

/** Words are ASCII; a word written with escapes is not recognised. */
function match(
  table: readonly (readonly string[])[],
  bytes: Uint8Array,
  start: number,
  end: number,
): string | null {
  const words = table[end - start];
  if (words === undefined) return null;
  for (const word of words) {
    let at = 0;
    while (at < word.length && bytes[start + at] === word.charCodeAt(at)) at++;
    if (at === word.length) return word;
  }
  return null;
}
