// How often attempts fail, by kind. Failures come in bursts: how much more the ten minutes differ
// from each other than chance has it tells how many attempts count as one in what is known.

import type { FailureKind } from '@entrepot/engine/outcome';
import type { ErrorModel } from '../upstream/model.ts';
import type { AttemptRow } from './attempt-row.ts';

const blockMs = 600_000;

/** The caller's doing, or what the quota model is for. */
const notErrors: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'invalid-request',
  'context-length',
  'content-filter',
  'unsupported',
  'client-closed',
]);

/** `hasQuota`: what rate limits refuse is told by the quota. */
export function fitErrors(rows: readonly AttemptRow[], hasQuota: boolean): ErrorModel[] {
  const counted = rows.filter(({ failure }) => {
    if (failure === null) return true;
    return !notErrors.has(failure) && !(hasQuota && failure === 'rate-limit');
  });
  const kinds = new Set(counted.map(row => row.failure).filter(failure => failure !== null));
  return [...kinds].sort().map(kind => {
    const yes = counted.filter(row => row.failure === kind).length;
    const burst = burstiness(counted, kind);
    const no = counted.length - yes;
    // Jeffreys' prior: half a failure and half a success.
    return { kind, share: { yes: yes / burst + 0.5, no: no / burst + 0.5 }, retryAfterMs: null };
  });
}

/** Variance between blocks of time over that of chance, at least 1. */
function burstiness(rows: readonly AttemptRow[], kind: FailureKind): number {
  const blocks = new Map<number, { attempts: number; failures: number }>();
  for (const { startedAtMs, failure } of rows) {
    const at = Math.floor(startedAtMs / blockMs);
    const block = blocks.get(at) ?? { attempts: 0, failures: 0 };
    block.attempts += 1;
    if (failure === kind) block.failures += 1;
    blocks.set(at, block);
  }
  if (blocks.size < 2) return 1;
  let failures = 0;
  for (const block of blocks.values()) failures += block.failures;
  const share = failures / rows.length;
  if (share === 1) return 1;
  let sum = 0;
  for (const { attempts, failures: here } of blocks.values()) {
    sum += (here - attempts * share) ** 2 / (attempts * share * (1 - share));
  }
  return Math.max(1, sum / (blocks.size - 1));
}
