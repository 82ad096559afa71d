// The attempts of a ledger's requests, as fits of upstreams take them.

import type { FailureKind } from '@entrepot/engine/outcome';
import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import type { AttemptRow } from '@entrepot/replay/fit/attempt-row';

export function attemptRowsOf(records: readonly LedgerRecord[]): AttemptRow[] {
  return records.flatMap(record =>
    record.attempts.map((attempt, i): AttemptRow => {
      const answered = i === record.attempts.length - 1 && attempt.failure === null;
      return {
        deployment: attempt.deployment,
        startedAtMs: attempt.startedAtMs,
        stream: record.stream,
        failure: attempt.failure as FailureKind | null,
        ttftMs: attempt.ttftMs,
        totalMs: attempt.totalMs,
        inputTokens: answered ? record.inputTokens : null,
        cachedReadTokens: answered ? record.cachedReadTokens : null,
        outputTokens: answered ? record.outputTokens : null,
      };
    }),
  );
}
