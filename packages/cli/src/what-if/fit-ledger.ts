// What the ledger tells of each upstream: how fast it answered, how often it failed, what it let
// through. What it does not tell stays as it is assumed of any.

import type { Deployment } from '@entrepot/engine/deployment';
import type { FailureKind } from '@entrepot/engine/outcome';
import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import type { AttemptRow } from '@entrepot/replay/fit/attempt-row';
import { fitUpstream } from '@entrepot/replay/fit/fit-upstream';
import type { UpstreamModel } from '@entrepot/replay/upstream/model';
import { withLedger } from '../commands/ledger/ledger-file.ts';

export type Upstreams = Readonly<Record<string, UpstreamModel>>;

/** The newest so many requests tell enough, and of today. */
const mostRequests = 500_000;

/** By id of the deployment, or of its offer where there is no configuration. */
export async function fitLedger(
  db: string,
  deployments: readonly Deployment[],
): Promise<Upstreams> {
  const rows: AttemptRow[] = [];
  const ids = new Set(deployments.map(deployment => deployment.id));
  await withLedger({ db }, async ledger => {
    for await (const record of ledger.tail({ limit: mostRequests })) {
      for (let n = 0; n < record.attempts.length; n++) rows.push(rowOf(record, n, ids));
    }
  });
  return Object.fromEntries(deployments.map(d => [d.id, fitUpstream(d, rows)]));
}

/** Usage is that of the request, which its last attempt answered. */
function rowOf(record: LedgerRecord, n: number, ids: ReadonlySet<string>): AttemptRow {
  const attempt = record.attempts[n]!;
  const answered = attempt.failure === null;
  return {
    deployment: ids.has(attempt.deployment) ? attempt.deployment : attempt.offer,
    startedAtMs: attempt.startedAtMs,
    stream: record.stream,
    failure: attempt.failure as FailureKind | null,
    ttftMs: attempt.ttftMs,
    totalMs: attempt.totalMs,
    inputTokens: answered ? record.inputTokens : null,
    cachedReadTokens: answered ? record.cachedReadTokens : null,
    outputTokens: answered ? record.outputTokens : null,
  };
}
