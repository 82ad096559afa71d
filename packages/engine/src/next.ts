// What to do after the attempts so far: try a deployment, wait, or give up. Only asked while
// nothing of an answer has gone to the caller. In this order:
//
//   1. the best candidate that is untried and can be used now, at once: no back-off, no budget
//   2. one that failed in a way that may pass, after a back-off, within its retry budget
//   3. one that rests, soonest back first: waits for the end of a hold that is near; else tries it
//      all the same, as the first attempt of a request freely, later within its retry budget
//   4. give up
//
// Attempts are limited; a deployment whose dialect cannot carry the request does not count as one.

import type { Choice, Step } from './choice.ts';
import { deadlinesOf, type Known } from './deadlines.ts';
import type { Settings } from './defaults.ts';
import type { Deployment } from './deployment.ts';
import type { Ms, Random } from './engine.ts';
import { restsUntil, type Standing, standing } from './health.ts';
import type { Attempted, FailureKind } from './outcome.ts';
import { takeRetry } from './retry-budget.ts';
import type { DeploymentState } from './state.ts';

/** What the caller did, or what any deployment would answer alike. */
const final: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'invalid-request',
  'content-filter',
  'client-closed',
]);

/** What may be over in a moment, so that the same deployment can be tried again. */
const passing: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'refused',
  'connect-timeout',
  'reset',
  'first-byte-timeout',
  'stall',
  'truncated',
  'protocol',
  'rate-limit',
  'overloaded',
  'server-error',
]);

/** One decision: everything that it depends on. */
interface Situation {
  readonly choice: Choice;
  readonly tried: readonly Attempted[];
  readonly settings: Settings;
  readonly now: Ms;
  readonly random: Random;
  /** Attempts that were made, those that could not be encoded left out. */
  readonly made: number;
  /** Candidates that the failures so far leave open, best first. */
  readonly open: readonly Option[];
}

/** A candidate at this moment. */
interface Option {
  readonly deployment: Deployment;
  readonly state: DeploymentState;
  readonly standing: Standing;
  /** Its last failure in this request; null when it is untried. */
  readonly last: Attempted | null;
  readonly times: number;
}

/** `stateOf` throws for a deployment that the engine does not know. */
export function nextStep(
  stateOf: (deployment: string) => DeploymentState,
  settings: Settings,
  choice: Choice,
  tried: readonly Attempted[],
  now: Ms,
  random: Random,
): Step {
  const last = tried.at(-1)?.failure.kind;
  if (last !== undefined && final.has(last)) return giveUp(`the request cannot succeed: ${last}`);
  if (choice.candidates.length === 0) return giveUp('no deployment can serve this request');
  if (now - choice.atMs >= settings.deadlines.totalMs) return giveUp('out of time');
  const made = attemptsOf(tried);
  if (made >= settings.attempts.max) return giveUp(`${made} attempts failed, last: ${last}`);
  if (tried.length === 0) {
    const step = atOnce(stateOf, settings, choice, now);
    if (step !== null) return step;
  }
  const open = options(stateOf, settings, choice, tried, now);
  const situation: Situation = { choice, tried, settings, now, random, made, open };
  return (
    untried(situation) ??
    again(situation) ??
    resting(situation) ??
    giveUp(`no deployment is left to try${last === undefined ? '' : `, last: ${last}`}`)
  );
}

/**
 * How nearly all requests begin: the first candidate that can be used is tried, without a look at
 * what the others could do later. null where none can.
 */
function atOnce(
  stateOf: (deployment: string) => DeploymentState,
  settings: Settings,
  { candidates, intent, atMs }: Choice,
  now: Ms,
): Step | null {
  let first: Known | null = null;
  let hasSubstitute = false;
  for (let i = 0; i < candidates.length && !hasSubstitute; i++) {
    const { deployment } = candidates[i]!;
    const state = stateOf(deployment.id);
    if (!canBeUsed(standing(state.health, settings, now))) continue;
    if (first === null) first = { deployment, state };
    else hasSubstitute = settings.attempts.max > 1;
  }
  if (first === null) return null;
  const remainingMs = settings.deadlines.totalMs - (now - atMs);
  const deadlines = deadlinesOf(first, intent, settings, hasSubstitute, remainingMs, now);
  return { type: 'try', deployment: first.deployment, deadlines };
}

function attemptsOf(tried: readonly Attempted[]): number {
  let made = 0;
  for (const { failure } of tried) if (failure.kind !== 'unsupported') made += 1;
  return made;
}

function options(
  stateOf: (deployment: string) => DeploymentState,
  settings: Settings,
  choice: Choice,
  tried: readonly Attempted[],
  now: Ms,
): Option[] {
  const aboveTokens = tooSmall(choice, tried);
  const open: Option[] = [];
  for (const { deployment } of choice.candidates) {
    const context = deployment.offer.contextTokens;
    if (aboveTokens !== null && (context === null || context <= aboveTokens)) continue;
    let last: Attempted | null = null;
    let times = 0;
    for (const one of tried) {
      if (one.deployment !== deployment.id) continue;
      last = one;
      times += 1;
    }
    if (last !== null && !passing.has(last.failure.kind)) continue;
    const state = stateOf(deployment.id);
    const stands = standing(state.health, settings, now);
    open.push({ deployment, state, standing: stands, last, times });
  }
  return open;
}

/** The largest context that was too small for the request; null when none was. */
function tooSmall(choice: Choice, tried: readonly Attempted[]): number | null {
  let largest: number | null = null;
  for (const { deployment: id, failure } of tried) {
    if (failure.kind !== 'context-length') continue;
    const found = choice.candidates.find(one => one.deployment.id === id);
    largest = Math.max(largest ?? 0, found?.deployment.offer.contextTokens ?? 0);
  }
  return largest;
}

function untried(situation: Situation): Step | null {
  const found = situation.open.find(isUsableSubstitute);
  return found === undefined ? null : tryNow(situation, found);
}

function again(situation: Situation): Step | null {
  for (const option of situation.open) {
    if (option.last === null || !isUsable(option)) continue;
    const step = retry(situation, option);
    if (step !== null) return step;
  }
  return null;
}

function resting(situation: Situation): Step | null {
  const { now, random, made } = situation;
  const { backoffMinMs } = situation.settings.attempts;
  for (const option of soonestFirst(situation)) {
    if (option.standing === 'held') {
      // Those who wait for the same moment are spread a little.
      const untilMs = restsUntil(option.state.health, 'held', now);
      const spreadMs = untilMs + random() * backoffMinMs;
      if (spreadMs <= waitLimit(situation)) return { type: 'wait', untilMs: spreadMs };
      if (made > 0) continue;
    }
    if (made === 0) return tryNow(situation, option);
    if (option.standing === 'quota') continue;
    const step = retry(situation, option);
    if (step !== null) return step;
  }
  return null;
}

function soonestFirst(situation: Situation): Option[] {
  const { now } = situation;
  const until = (option: Option): Ms =>
    restsUntil(option.state.health, option.standing, now) +
    (option.standing === 'quota' ? Number.MAX_SAFE_INTEGER : 0);
  return situation.open.filter(option => !isUsable(option)).sort((a, b) => until(a) - until(b));
}

/** An attempt within the retry budget, after its back-off. null when there is no budget left. */
function retry(situation: Situation, option: Option): Step | null {
  const { settings, now } = situation;
  const untilMs = backoffEnd(situation, option);
  if (untilMs > now) return untilMs <= waitLimit(situation) ? { type: 'wait', untilMs } : null;
  if (!takeRetry(option.state.retries, settings.retryBudget, now)) return null;
  return tryNow(situation, option);
}

/**
 * Full jitter between the least back-off and a limit that grows fourfold with each attempt on the
 * same deployment, since few attempts must span the range. Whoever has waited the least one has
 * waited what was drawn for it.
 */
function backoffEnd({ settings, now, random }: Situation, { last, times }: Option): Ms {
  const endedMs = last?.endedAtMs;
  const { backoffMinMs, backoffMaxMs } = settings.attempts;
  if (endedMs === undefined || now - endedMs >= backoffMinMs) return now;
  const limit = Math.min(backoffMaxMs, backoffMinMs * 4 ** times);
  return endedMs + backoffMinMs + random() * Math.max(0, limit - backoffMinMs);
}

function tryNow(situation: Situation, option: Option): Step {
  const { choice, settings, now, made, open } = situation;
  const { deployment } = option;
  const isOther = (other: Option): boolean => other !== option && isUsableSubstitute(other);
  const hasSubstitute = made + 1 < settings.attempts.max && open.some(isOther);
  const remainingMs = settings.deadlines.totalMs - (now - choice.atMs);
  const { intent } = choice;
  const deadlines = deadlinesOf(option, intent, settings, hasSubstitute, remainingMs, now);
  return { type: 'try', deployment, deadlines };
}

function isUsableSubstitute(option: Option): boolean {
  return option.last === null && isUsable(option);
}

function isUsable(option: Option): boolean {
  return canBeUsed(option.standing);
}

function canBeUsed(stands: Standing): boolean {
  return stands === 'ready' || stands === 'half-open';
}

/** Until when a request may wait, in all. */
function waitLimit({ choice, settings }: Situation): Ms {
  return choice.atMs + settings.attempts.maxWaitMs;
}

function giveUp(because: string): Step {
  return { type: 'give-up', because };
}
