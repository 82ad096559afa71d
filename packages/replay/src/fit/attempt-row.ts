import type { FailureKind } from '@entrepot/engine/outcome';

/** One attempt as a ledger has it. */
export interface AttemptRow {
  readonly deployment: string;
  /** Unix ms. */
  readonly startedAtMs: number;
  readonly stream: boolean;
  /** null is a whole answer. */
  readonly failure: FailureKind | null;
  readonly ttftMs: number | null;
  readonly totalMs: number;
  /** null where no usage was told. */
  readonly inputTokens: number | null;
  readonly cachedReadTokens: number | null;
  readonly outputTokens: number | null;
}
