// The form in which dialects of embeddings meet: texts in, vectors out. Nothing here knows a cloud,
// a price or a clock.

import type { Block, Usage } from './canonical.ts';

/** One thing that gets one vector. */
export type EmbedInput = (
  | { readonly type: 'text'; readonly text: string }
  /** Ids of the model's own tokenizer: only a model with the same one can read them. */
  | { readonly type: 'tokens'; readonly tokens: readonly number[] }
  /** Several parts that make one vector, or one that is no text. */
  | { readonly type: 'parts'; readonly parts: readonly Block[] }
) & {
  /** Absent where the caller did not say, or cannot in its dialect. */
  readonly task?: EmbedTask;
  /** Of a document, which the models of google read with it. */
  readonly title?: string;
};

/** What a vector will be used for: some models make another one for each. */
export type EmbedTask =
  | 'query'
  | 'document'
  | 'similarity'
  | 'classification'
  | 'clustering'
  | 'question'
  | 'fact-check'
  | 'code-query';

export interface EmbedRequest {
  readonly model: string;
  /** At least one. */
  readonly inputs: readonly EmbedInput[];
  /** How the caller wants its vectors written. */
  readonly encoding: 'float' | 'base64';
  /** The length of the vectors; absent is what the model has by itself. */
  readonly dimensions?: number;
  readonly user?: string;
  /** Top-level fields that only the caller's own dialect knows, by their names in it. */
  readonly extensions?: { readonly dialect: string; readonly fields: Record<string, unknown> };
}

/** Numbers as they were written, or 32-bit floats as they came in bytes. */
export type Vector = readonly number[] | Float32Array;

export interface EmbedAnswer {
  readonly model: string;
  /** One for each input, in the same order. */
  readonly vectors: readonly Vector[];
  readonly usage: Usage | null;
}
