// Whether a deployment can be used now: its circuit and its holds, and what the end of an attempt
// means for them. The caller's own mistakes are never held against an upstream.

import {
  type Circuit,
  circuitState,
  createCircuit,
  noteFailure,
  noteNothing,
  noteSuccess,
} from './circuit.ts';
import type { Settings } from './defaults.ts';
import type { Ms } from './engine.ts';
import { createHold, forgetStrikes, type Hold, holdFor, holdForQuota } from './hold.ts';
import type { AttemptOutcome, FailureKind } from './outcome.ts';

export interface Health {
  readonly circuit: Circuit;
  readonly hold: Hold;
}

/** `ready` and `half-open` (the next attempt is the probe) can be used; the others are resting. */
export type Standing = 'ready' | 'half-open' | 'probing' | 'open' | 'held' | 'quota';

/** These say nothing of how the deployment does. */
const neutral: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'invalid-request',
  'context-length',
  'content-filter',
  'unsupported',
  'client-closed',
]);

/**
 * What counting tokens tells of answers as well. Elsewhere it has limits and servers of its own:
 * that it works, or is refused, says nothing of them. (docs.anthropic.com, "Token counting")
 */
const ofTheHost: ReadonlySet<FailureKind | undefined> = new Set<FailureKind | undefined>([
  'refused',
  'connect-timeout',
  'auth',
]);

export function createHealth(settings: Settings): Health {
  return { circuit: createCircuit(settings.circuit), hold: createHold() };
}

export function standing(health: Health, settings: Settings, now: Ms): Standing {
  const { hold } = health;
  if (hold.quotaUntilMs !== null && now < hold.quotaUntilMs) return 'quota';
  const state = circuitState(health.circuit, settings.circuit, now);
  if (state === 'open') return 'open';
  if (hold.untilMs !== null && now < hold.untilMs) return 'held';
  return state === 'closed' ? 'ready' : state;
}

/** When a deployment that rests may be used again; `now` when it may be at any time. */
export function restsUntil(health: Health, state: Standing, now: Ms): Ms {
  if (state === 'quota') return health.hold.quotaUntilMs ?? now;
  if (state === 'open')
    return Math.max(health.circuit.openUntilMs ?? now, health.hold.untilMs ?? 0);
  if (state === 'held') return health.hold.untilMs ?? now;
  return now;
}

/** Takes in the end of an attempt. */
export function noteOutcome(
  health: Health,
  settings: Settings,
  outcome: AttemptOutcome,
  now: Ms,
): void {
  const { circuit, hold } = health;
  const { failure } = outcome;
  const startedMs = now - outcome.totalMs;
  if (outcome.operation === 'count' && !ofTheHost.has(failure?.kind)) {
    noteNothing(circuit, startedMs);
  } else if (failure === null) {
    noteSuccess(circuit, startedMs, now);
    forgetStrikes(hold, startedMs);
  } else if (neutral.has(failure.kind)) noteNothing(circuit, startedMs);
  else if (failure.kind === 'quota') {
    noteNothing(circuit, startedMs);
    holdForQuota(hold, settings.hold, failure.retryAfterMs, now);
  } else if (failure.kind === 'rate-limit') {
    noteNothing(circuit, startedMs);
    holdFor(hold, settings.hold, failure.retryAfterMs, startedMs, now);
  } else {
    noteFailure(circuit, settings.circuit, startedMs, now);
    if (failure.retryAfterMs !== null && failure.retryAfterMs > 0) {
      holdFor(hold, settings.hold, failure.retryAfterMs, startedMs, now);
    }
  }
}
