import type { Deployment, Route } from './deployment.ts';
import type { Ms } from './engine.ts';
import type { Intent } from './intent.ts';

export interface Candidate {
  readonly deployment: Deployment;
  /** Lower is better; the unit is the objective's own. */
  readonly score: number;
  /** One line for people: `cost $0.0021, ttft 310 ms`. Made only when asked for. */
  readonly reason: () => string;
}

export interface RuledOut {
  readonly deployment: Deployment;
  /** `feature tools`, `residency us`, `input price unknown, ceiling $2`, ... */
  readonly reason: string;
}

export interface Choice {
  readonly route: Route;
  readonly intent: Intent;
  /** When it was made: the limits of the whole request count from here. */
  readonly atMs: Ms;
  /** Best first. Those that rest or are over the lock-in cap stand behind the others. */
  readonly candidates: readonly Candidate[];
  readonly ruledOut: readonly RuledOut[];
  /** Every candidate was resting, so the least bad are tried all the same. */
  readonly panic: boolean;
}

/** Limits of one attempt, in ms from its start. */
export interface Deadlines {
  readonly connectMs: number;
  /** Until the first content event (or the whole answer's head when not streaming). */
  readonly firstEventMs: number;
  /** Longest silence between events. */
  readonly stallMs: number;
  readonly totalMs: number;
  /** A substitute stands ready: while nothing has come, give up once the circuit opens. */
  readonly leaveWhenOpen: boolean;
}

export type Step =
  | { readonly type: 'try'; readonly deployment: Deployment; readonly deadlines: Deadlines }
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'give-up'; readonly because: string };
