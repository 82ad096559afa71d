/** What an answer cost. null where a price that was needed is unknown: never 0, never a guess. */
export interface Charge {
  readonly nanoUsd: number | null;
  /** Which price rows made it. */
  readonly offerId: string;
  readonly tierAboveInputTokens: number | null;
  readonly parts: {
    readonly inputNanoUsd: number | null;
    readonly cachedReadNanoUsd: number | null;
    readonly cacheWriteNanoUsd: number | null;
    readonly outputNanoUsd: number | null;
  };
}
