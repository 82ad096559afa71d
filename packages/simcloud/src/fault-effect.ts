// What a fault does to the call that it strikes.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Fault } from './fault.ts';
import type { Refusal } from './refusal.ts';
import type { StreamBreak } from './stream-player.ts';

const usualEvents = 3;
const usualFactor = 10;
const usualRetryAfterMs = 1000;

/** The refusal that takes the place of the answer; null for faults that let one begin. */
export function refusalBy(
  fault: Fault,
  { model, stream }: Pick<CanonicalRequest, 'model' | 'stream'>,
  speed: number,
): Refusal | null {
  switch (fault.kind) {
    case 'rate-limit': {
      const retryAfterMs = fault.retryAfterMs ?? usualRetryAfterMs / speed;
      const isRetryAfterForced = fault.retryAfterMs !== undefined;
      return { reason: 'rate-limit', model, exceeded: null, retryAfterMs, isRetryAfterForced };
    }
    case 'overloaded':
      return { reason: 'overloaded' };
    case 'server-error':
      return { reason: 'server-error', status: fault.status ?? null };
    case 'in-stream-error':
      return stream ? null : { reason: 'server-error', status: null };
    case 'auth':
      return { reason: 'wrong-credential', shown: '****' };
    default:
      return null;
  }
}

/** Where an answer that began is broken off. */
export function breakBy(fault: Fault | null): StreamBreak | null {
  const afterEvents = fault?.afterEvents ?? usualEvents;
  switch (fault?.kind) {
    case 'cut':
      return { kind: 'cut', afterEvents };
    case 'stall-mid-stream':
      return { kind: 'stall', afterEvents };
    case 'in-stream-error':
      return { kind: 'error', afterEvents };
    default:
      return null;
  }
}

/** How many times slower the answer is. */
export function slownessBy(fault: Fault | null): number {
  return fault?.kind === 'slow' ? (fault.factor ?? usualFactor) : 1;
}
