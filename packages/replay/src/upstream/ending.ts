import type { Ms } from '@entrepot/engine/engine';
import type { FailureKind } from '@entrepot/engine/outcome';
import type { Attempt } from '../flight.ts';

/** The attempt fails after so long, and no content comes. */
export function failAfter(
  attempt: Attempt,
  kind: FailureKind,
  retryAfterMs: number | null,
  now: Ms,
  afterMs: Ms,
): void {
  attempt.failure = kind;
  attempt.retryAfterMs = retryAfterMs;
  attempt.contentAtMs = Number.POSITIVE_INFINITY;
  attempt.totalMs = afterMs;
  attempt.endsAtMs = now + afterMs;
}
