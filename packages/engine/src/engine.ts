// The shape of all decisions. No socket, clock, random source or disk: time and randomness are
// arguments, state is plain data. The gateway drives it in real time, replay in virtual time.

import type { Charge } from './charge.ts';
import type { Choice, Step } from './choice.ts';
import type { Intent, Usage } from './intent.ts';
import type { Attempted, AttemptOutcome } from './outcome.ts';

/** Milliseconds on the driver's clock; only differences matter. */
export type Ms = number;
/** Uniform in [0, 1). */
export type Random = () => number;

export interface Engine {
  /**
   * Candidates in order with score and reason, and who was ruled out and why. Throws
   * UnknownRouteError. Takes nothing and changes nothing.
   */
  choose(intent: Intent, now: Ms, random: Random): Choice;
  /**
   * What to do next: try one, wait, or give up. Asked while nothing has gone to the caller: first
   * with nothing tried, then after each failure (observed before) and at the end of each wait.
   * Takes from the retry budget when it says try.
   */
  next(choice: Choice, tried: readonly Attempted[], now: Ms, random: Random): Step;
  /**
   * An attempt has begun on this deployment (half-open probes and in-flight counts). Called right
   * after `next` said try; each is followed by exactly one `observe`.
   */
  begin(deployment: string, now: Ms): void;
  /**
   * Whether the deployment's circuit has opened since an attempt on it began, and is open still: if
   * its deadlines say so, who waits there for a first event goes elsewhere.
   */
  hasOpenedSince(deployment: string, startedMs: Ms, now: Ms): boolean;
  /** An attempt is over: health, latency, holds. */
  observe(outcome: AttemptOutcome, now: Ms): void;
  /** The charge of an answer, also added to the spend that `maxShare` reads. */
  settle(deployment: string, usage: Usage, now: Ms): Charge;
  /** The most a request can cost on a deployment: the estimate held until the charge is known. */
  estimate(intent: Intent, deployment: string): Charge;
}
