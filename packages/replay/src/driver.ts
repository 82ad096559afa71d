// Drives the engine in virtual time as the gateway drives it in real time: choose, then next until
// an attempt answers or the engine gives up; for each attempt begin and observe, for each whole
// answer settle. What happens to requests is told to a listener. Nothing is decided here.

import type { Charge } from '@entrepot/engine/charge';
import type { Choice } from '@entrepot/engine/choice';
import type { Engine, Ms, Random } from '@entrepot/engine/engine';
import type { Intent } from '@entrepot/engine/intent';
import type { Failure, FailureKind } from '@entrepot/engine/outcome';
import { Agenda } from './agenda.ts';
import type { Due, Flight } from './flight.ts';
import type { Host } from './host.ts';

/** What is told of requests. Each has one choice, and ends by exactly one of the last four. */
export interface Listener {
  onChoice(flight: Flight, choice: Choice): void;
  /** An attempt failed; the request may go on. */
  onFailure(flight: Flight, kind: FailureKind): void;
  onAnswered(flight: Flight, charge: Charge, now: Ms): void;
  onTruncated(flight: Flight): void;
  onFailed(flight: Flight): void;
  onRefused(flight: Flight): void;
}

export interface DriverOptions {
  readonly engine: Engine;
  readonly hosts: readonly Host[];
  readonly listener: Listener;
  readonly intentOf: (flight: Flight) => Intent;
  /** The engine's random numbers for what is decided next of a request. */
  readonly random: { of(flight: Flight): Random };
  /** How late the gateway sees that a time has passed. */
  readonly lateMs: Ms;
  /** The flight is over and may be used for another request. */
  readonly onOver: (flight: Flight) => void;
}

/** An opening is asked for right after it: times of drivers do not add up exactly. */
const justNowMs = 2;

export class Driver {
  readonly #options: DriverOptions;
  readonly #engine: Engine;
  readonly #agenda = new Agenda<Flight>();
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#engine = options.engine;
    this.#indexes = new Map(options.hosts.map(({ id }, index) => [id, index]));
  }

  /** Lets happen all that is due until then. */
  runUntil(untilMs: Ms): void {
    const agenda = this.#agenda;
    while (agenda.nextMs <= untilMs) {
      const now = agenda.nextMs;
      const number = agenda.nextNumber;
      const flight = agenda.take();
      if (flight.entry !== number) continue;
      if (flight.due === 'end') this.#end(flight, now);
      else if (flight.due === 'step') this.#step(flight, now);
      else this.arrive(flight, now);
    }
  }

  /** The same as `arrive`, later. */
  arriveAt(flight: Flight, atMs: Ms): void {
    this.#plan(flight, 'arrival', atMs);
  }

  arrive(flight: Flight, now: Ms): void {
    const { listener, random, intentOf, onOver } = this.#options;
    flight.arrivedMs = now;
    flight.steps = 0;
    const intent = intentOf(flight);
    const choice = this.#engine.choose(intent, now, random.of(flight));
    flight.choice = choice;
    listener.onChoice(flight, choice);
    if (choice.candidates.length > 0) this.#step(flight, now);
    else {
      listener.onRefused(flight);
      onOver(flight);
    }
  }

  #step(flight: Flight, now: Ms): void {
    const { listener, random, hosts, lateMs, onOver } = this.#options;
    flight.steps += 1;
    const step = this.#engine.next(flight.choice!, flight.tried, now, random.of(flight));
    if (step.type === 'wait') {
      this.#plan(flight, 'step', step.untilMs + lateMs);
      return;
    }
    if (step.type === 'give-up') {
      listener.onFailed(flight);
      onOver(flight);
      return;
    }
    const { id } = step.deployment;
    const { attempt } = flight;
    attempt.host = this.#indexes.get(id)!;
    attempt.startedMs = now;
    attempt.mayLeave = step.deadlines.leaveWhenOpen;
    this.#engine.begin(id, now);
    hosts[attempt.host]!.begin(flight, step.deadlines, now);
    this.#plan(flight, 'end', attempt.endsAtMs);
  }

  #plan(flight: Flight, due: Due, atMs: Ms): void {
    flight.due = due;
    flight.entry = this.#agenda.add(atMs, flight);
  }

  #end(flight: Flight, now: Ms): void {
    const { attempt } = flight;
    const host = this.#options.hosts[attempt.host]!;
    host.end(flight, now);
    if (attempt.failure === null) this.#answered(flight, host.id, now);
    else this.#failed(flight, host.id, attempt.failure, now);
  }

  #answered(flight: Flight, deployment: string, now: Ms): void {
    const { listener, onOver } = this.#options;
    const { startedMs, contentAtMs, totalMs, outputTokens } = flight.attempt;
    const ttftMs = flight.stream ? contentAtMs - startedMs : totalMs;
    this.#engine.observe({ deployment, failure: null, ttftMs, totalMs, outputTokens }, now);
    listener.onAnswered(flight, this.#engine.settle(deployment, flight.attempt, now), now);
    onOver(flight);
  }

  /** Mended elsewhere where nothing has gone to the caller. */
  #failed(flight: Flight, deployment: string, kind: FailureKind, now: Ms): void {
    const { listener, onOver } = this.#options;
    const { startedMs, contentAtMs, totalMs, retryAfterMs } = flight.attempt;
    const hasContent = contentAtMs <= now;
    const failure: Failure = { kind, retryAfterMs };
    const ttftMs = hasContent ? contentAtMs - startedMs : null;
    this.#engine.observe({ deployment, failure, ttftMs, totalMs, outputTokens: null }, now);
    listener.onFailure(flight, kind);
    if (this.#engine.hasOpenedSince(deployment, now - justNowMs, now)) {
      this.#letLeave(deployment, now);
    }
    if (hasContent) {
      listener.onTruncated(flight);
      onOver(flight);
      return;
    }
    flight.tried.push({ deployment, failure, endedAtMs: now });
    // Not at once: of what ends at the same moment all is known before anyone goes on.
    this.#plan(flight, 'step', now);
  }

  /** Who still waits there for content goes elsewhere. */
  #letLeave(deployment: string, now: Ms): void {
    const { hosts, lateMs } = this.#options;
    const leaving: Flight[] = [];
    for (const flight of this.#agenda.planned()) {
      const { host, mayLeave, contentAtMs, startedMs, endsAtMs } = flight.attempt;
      if (flight.due !== 'end' || hosts[host]!.id !== deployment || !mayLeave) continue;
      if (Math.min(contentAtMs, endsAtMs) <= now + lateMs) continue;
      if (this.#engine.hasOpenedSince(deployment, startedMs, now)) leaving.push(flight);
    }
    for (const flight of leaving.sort((a, b) => a.entry - b.entry)) {
      const { attempt } = flight;
      attempt.mayLeave = false;
      attempt.failure = 'first-byte-timeout';
      attempt.retryAfterMs = null;
      attempt.contentAtMs = Number.POSITIVE_INFINITY;
      attempt.totalMs = now + lateMs - attempt.startedMs;
      this.#plan(flight, 'end', now + lateMs);
    }
  }
}
