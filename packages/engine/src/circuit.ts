// The circuit breaker of one deployment. Closed: it is used. Open: it rests. Half-open: one probe
// finds out. An attempt says something only of the time after it began: an old stream that ends
// well does not hide that new ones stall, and one that began before an opening does not close it.

import type { CircuitSettings } from './defaults.ts';
import type { Ms, Random } from './engine.ts';
import { addTo, clearWindow, createWindow, sumOf, type Window } from './window.ts';

export interface Circuit {
  /** Failures in a row, and when the first of them began. */
  run: number;
  runSinceMs: Ms | null;
  readonly successes: Window;
  readonly failures: Window;
  /** Both null when closed. */
  openedAtMs: Ms | null;
  openUntilMs: Ms | null;
  /** Openings since it was last closed for long. */
  opens: number;
  /** When the last probe began; null when none is under way. */
  probeSinceMs: Ms | null;
  /** When it last recovered; null when it never opened. */
  closedAtMs: Ms | null;
}

/** `probing` is half-open with its probe under way. */
export type CircuitState = 'closed' | 'open' | 'half-open' | 'probing';

/** Drivers give durations and times in fractions of a millisecond, which do not add up exactly. */
const slackMs = 1;

export function createCircuit(settings: CircuitSettings): Circuit {
  return {
    run: 0,
    runSinceMs: null,
    successes: createWindow(settings.windowMs, 10),
    failures: createWindow(settings.windowMs, 10),
    openedAtMs: null,
    openUntilMs: null,
    opens: 0,
    probeSinceMs: null,
    closedAtMs: null,
  };
}

export function circuitState(circuit: Circuit, settings: CircuitSettings, now: Ms): CircuitState {
  if (circuit.openUntilMs === null) return 'closed';
  if (now < circuit.openUntilMs) return 'open';
  const { probeSinceMs } = circuit;
  return probeSinceMs !== null && now - probeSinceMs < settings.probeMs ? 'probing' : 'half-open';
}

/** True while it is open, if it opened after `startedMs`. */
export function openedSince(
  circuit: Circuit,
  settings: CircuitSettings,
  startedMs: Ms,
  now: Ms,
): boolean {
  if (circuitState(circuit, settings, now) !== 'open') return false;
  return isBefore(startedMs, circuit.openedAtMs);
}

/** Whether this request may be the probe of a half-open circuit: likelier the longer it waits. */
export function mayProbe(
  circuit: Circuit,
  settings: CircuitSettings,
  now: Ms,
  random: Random,
): boolean {
  const waitedMs = now - (circuit.openUntilMs ?? now);
  return waitedMs >= settings.probeSpreadMs || random() * settings.probeSpreadMs < waitedMs;
}

/** The share of requests that a closed circuit takes: less than 1 for a while after recovery. */
export function slowStartShare(circuit: Circuit, settings: CircuitSettings, now: Ms): number {
  if (circuit.closedAtMs === null) return 1;
  const progress = (now - circuit.closedAtMs) / settings.slowStartMs;
  if (progress >= 1) return 1;
  return settings.slowStartShare + (1 - settings.slowStartShare) * Math.max(0, progress);
}

/** An attempt begins: it is the probe if one is due. */
export function beginOn(circuit: Circuit, settings: CircuitSettings, now: Ms): void {
  if (circuitState(circuit, settings, now) === 'half-open') circuit.probeSinceMs = now;
}

/** An attempt ended without saying anything of the deployment: another may be the probe. */
export function noteNothing(circuit: Circuit, startedMs: Ms): void {
  if (!isBefore(startedMs, circuit.probeSinceMs)) circuit.probeSinceMs = null;
}

export function noteSuccess(circuit: Circuit, startedMs: Ms, now: Ms): void {
  if (circuit.openedAtMs === null) {
    addTo(circuit.successes, now, 1);
    if (!isBefore(startedMs, circuit.runSinceMs)) {
      circuit.run = 0;
      circuit.runSinceMs = null;
    }
  } else if (!isBefore(startedMs, circuit.openedAtMs)) close(circuit, now);
}

export function noteFailure(
  circuit: Circuit,
  settings: CircuitSettings,
  startedMs: Ms,
  now: Ms,
): void {
  if (isBefore(startedMs, circuit.openedAtMs ?? circuit.closedAtMs)) return;
  const state = circuitState(circuit, settings, now);
  if (state === 'open') return;
  if (state !== 'closed') {
    open(circuit, settings, now);
    return;
  }
  circuit.run += 1;
  circuit.runSinceMs = Math.min(circuit.runSinceMs ?? startedMs, startedMs);
  addTo(circuit.failures, now, 1);
  if (circuit.run >= settings.consecutiveFailures || failsTooOften(circuit, settings, now)) {
    open(circuit, settings, now);
  }
}

function failsTooOften(circuit: Circuit, settings: CircuitSettings, now: Ms): boolean {
  const failures = sumOf(circuit.failures, now);
  const attempts = failures + sumOf(circuit.successes, now);
  return attempts >= settings.minAttempts && failures > settings.failureShare * attempts;
}

function open(circuit: Circuit, settings: CircuitSettings, now: Ms): void {
  const { openedAtMs, closedAtMs } = circuit;
  const wasWell = openedAtMs === null && closedAtMs !== null;
  if (wasWell && now - closedAtMs > settings.openMaxMs) circuit.opens = 0;
  circuit.opens += 1;
  openFor(circuit, Math.min(settings.openMaxMs, settings.openMs * circuit.opens), now);
}

/** It rests from now on, whatever it did before. */
export function openFor(circuit: Circuit, openMs: Ms, now: Ms): void {
  circuit.openedAtMs = now;
  circuit.openUntilMs = now + openMs;
  forget(circuit);
}

function close(circuit: Circuit, now: Ms): void {
  circuit.openedAtMs = null;
  circuit.openUntilMs = null;
  circuit.closedAtMs = now;
  forget(circuit);
}

function forget(circuit: Circuit): void {
  circuit.run = 0;
  circuit.runSinceMs = null;
  circuit.probeSinceMs = null;
  clearWindow(circuit.successes);
  clearWindow(circuit.failures);
}

function isBefore(startedMs: Ms, sinceMs: Ms | null): boolean {
  return sinceMs !== null && startedMs < sinceMs - slackMs;
}
