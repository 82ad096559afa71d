// That a deployment rests, as one engine tells another: in time from now, since each has a clock of
// its own. Who hears of it rests it as well, and need not meet the failures itself.

import { type Circuit, openFor } from './circuit.ts';
import type { Ms } from './engine.ts';
import type { Health } from './health.ts';

export interface Rest {
  readonly deployment: string;
  /** Its circuit stays open for so long, and has opened so often; 0 for not. */
  readonly openMs: Ms;
  readonly opens: number;
  /** It asked to be left alone for so long; 0 for not. */
  readonly holdMs: Ms;
  readonly quotaMs: Ms;
}

/** Several engines that call the same deployments. */
export interface SharesRests {
  /** All that rest now. */
  rests(now: Ms): readonly Rest[];
  /** What another engine tells. Deployments that are not known here are passed over. */
  addRest(rest: Rest, now: Ms): void;
}

/** null where it does not rest. */
export function restOf(deployment: string, { circuit, hold }: Health, now: Ms): Rest | null {
  const openMs = left(circuit.openUntilMs, now);
  const holdMs = left(hold.untilMs, now);
  const quotaMs = left(hold.quotaUntilMs, now);
  if (openMs + holdMs + quotaMs === 0) return null;
  return { deployment, openMs, opens: circuit.opens, holdMs, quotaMs };
}

/** Of two ends of a rest the later one stands. */
export function noteRest({ circuit, hold }: Health, rest: Rest, now: Ms): void {
  if (rest.openMs > left(circuit.openUntilMs, now)) hearOpening(circuit, rest, now);
  if (rest.holdMs > 0) hold.untilMs = Math.max(hold.untilMs ?? 0, now + rest.holdMs);
  if (rest.quotaMs > 0) hold.quotaUntilMs = Math.max(hold.quotaUntilMs ?? 0, now + rest.quotaMs);
}

function hearOpening(circuit: Circuit, { openMs, opens }: Rest, now: Ms): void {
  circuit.opens = Math.max(circuit.opens, opens);
  openFor(circuit, openMs, now);
}

function left(untilMs: Ms | null, now: Ms): Ms {
  return untilMs === null ? 0 : Math.max(0, untilMs - now);
}
