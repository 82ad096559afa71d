// How many tokens the same texts are by different vocabularies: catalog/token-counts.json, which
// `tools/tokens/measure.ts` writes. For a model of which no vocabulary is published, it is unknown.

/** One published vocabulary. */
export interface Tokenizer {
  readonly name: string;
  /** Beginnings of the ids of the models that count by it; of several the longest holds. */
  readonly models: readonly string[];
  /** Of each text. */
  readonly counts: readonly number[];
  /** Who says which models count by it. */
  readonly source: string;
  readonly vocabulary: string;
}

export interface TokenCounts {
  readonly measuredOn: string;
  readonly texts: readonly { readonly name: string; readonly sha256: string }[];
  readonly tokenizers: readonly Tokenizer[];
}

/** Throws SyntaxError for what is no JSON; the file's own tool and test see to the rest. */
export function parseTokenCounts(text: string): TokenCounts {
  return JSON.parse(text) as TokenCounts;
}

/** null for a model whose vocabulary is not known. */
export function tokenizerOf({ tokenizers }: TokenCounts, model: string): Tokenizer | null {
  let found: Tokenizer | null = null;
  let longest = 0;
  for (const tokenizer of tokenizers) {
    for (const start of tokenizer.models) {
      if (start.length <= longest || !model.startsWith(start)) continue;
      found = tokenizer;
      longest = start.length;
    }
  }
  return found;
}
