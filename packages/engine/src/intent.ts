import type { Feature } from '@entrepot/catalog/offer';

/** An answer, vectors of texts, or how many tokens a prompt has. */
export type Operation = 'generate' | 'embed' | 'count';

/** What a caller wants, as far as a decision needs it. Made by the gateway or by replay. */
export interface Intent {
  /** The route: a model name that callers use. */
  readonly route: string;
  readonly dialect: string;
  readonly operation: Operation;
  readonly stream: boolean;
  readonly features: readonly Feature[];
  /** Estimate, before any answer is known. */
  readonly inputTokens: number;
  /** What the caller allows; null is "as much as the model may". */
  readonly maxOutputTokens: number | null;
  /** So many prompts share these tokens, each with the whole context to itself. Absent: one. */
  readonly prompts?: number;
  /** The deployments that it is for, where it cannot be carried to others. Absent: all. */
  readonly among?: readonly string[];
  /** Who pays: the id of the caller's key. */
  readonly key: string;
}

/** Tokens that an answer used. The same fields as the canonical usage of the dialects. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
}
