// Drives an engine in virtual time: requests arrive, upstreams are functions that say how an
// attempt ends, and events happen in the order of their times. A scenario of minutes takes
// milliseconds.

import type { Deadlines } from '../src/choice.ts';
import type { Engine, Ms, Random } from '../src/engine.ts';
import type { Intent, Usage } from '../src/intent.ts';
import type { Attempted, FailureKind } from '../src/outcome.ts';

/** How one attempt ends, and after how long. */
export interface Reply {
  readonly failure: FailureKind | null;
  readonly retryAfterMs?: number;
  readonly ttftMs: number | null;
  readonly totalMs: number;
}

export type Upstreams = (id: string, now: Ms, deadlines: Deadlines, random: Random) => Reply;

/** What became of one request. */
export interface Story {
  readonly arrivedMs: Ms;
  /** Deployments in the order in which they were tried. */
  readonly tried: readonly string[];
  readonly answeredBy: string | null;
  readonly because: string | null;
  readonly endedMs: Ms;
  readonly panic: boolean;
}

export interface Scenario {
  readonly engine: Engine;
  readonly upstreams: Upstreams;
  readonly random: Random;
  readonly arrivals: readonly Ms[];
  readonly intentOf: (index: number) => Intent;
  readonly usageOf: (intent: Intent) => Usage;
  /** Called between events. */
  readonly watch?: (now: Ms) => void;
}

/** Plays a scenario to its end; stories in the order of arrival. */
export function play(scenario: Scenario): Story[] {
  const agenda = new Agenda();
  const stories: Story[] = new Array(scenario.arrivals.length);
  scenario.arrivals.forEach((arrivedMs, index) => {
    agenda.add(arrivedMs, now => {
      const request = new Request(scenario, agenda, index, now, story => {
        stories[index] = story;
      });
      request.step(now);
    });
  });
  agenda.run(scenario.watch);
  return stories;
}

class Request {
  readonly #scenario: Scenario;
  readonly #agenda: Agenda;
  readonly #arrivedMs: Ms;
  readonly #intent: Intent;
  readonly #choice: ReturnType<Engine['choose']>;
  readonly #tried: Attempted[] = [];
  readonly #order: string[] = [];
  readonly #end: (story: Story) => void;

  constructor(
    scenario: Scenario,
    agenda: Agenda,
    index: number,
    now: Ms,
    end: (story: Story) => void,
  ) {
    this.#scenario = scenario;
    this.#agenda = agenda;
    this.#arrivedMs = now;
    this.#intent = scenario.intentOf(index);
    this.#choice = scenario.engine.choose(this.#intent, now, scenario.random);
    this.#end = end;
  }

  step(now: Ms): void {
    const { engine, upstreams, random } = this.#scenario;
    const step = engine.next(this.#choice, this.#tried, now, random);
    if (step.type === 'give-up') {
      this.#over(null, step.because, now);
      return;
    }
    if (step.type === 'wait') {
      this.#agenda.add(step.untilMs, at => this.step(at));
      return;
    }
    const { id } = step.deployment;
    this.#order.push(id);
    engine.begin(id, now);
    const reply = upstreams(id, now, step.deadlines, random);
    this.#agenda.add(now + reply.totalMs, at => this.#ended(id, reply, at));
  }

  #ended(id: string, reply: Reply, now: Ms): void {
    const { engine } = this.#scenario;
    const { ttftMs, totalMs } = reply;
    const failure =
      reply.failure === null
        ? null
        : { kind: reply.failure, retryAfterMs: reply.retryAfterMs ?? null };
    const used = failure === null ? this.#scenario.usageOf(this.#intent) : null;
    const outputTokens = used?.outputTokens ?? null;
    engine.observe({ deployment: id, failure, ttftMs, totalMs, outputTokens }, now);
    if (failure !== null) {
      this.#tried.push({ deployment: id, failure, endedAtMs: now });
      this.step(now);
      return;
    }
    if (used !== null) engine.settle(id, used, now);
    this.#over(id, null, now);
  }

  #over(answeredBy: string | null, because: string | null, endedMs: Ms): void {
    const { panic } = this.#choice;
    const arrivedMs = this.#arrivedMs;
    this.#end({ arrivedMs, tried: this.#order, answeredBy, because, endedMs, panic });
  }
}

type Happening = (now: Ms) => void;

/** Events by time, and by order of entry within the same time: a binary heap. */
class Agenda {
  readonly #heap: { at: Ms; n: number; happen: Happening }[] = [];
  #entered = 0;

  add(at: Ms, happen: Happening): void {
    const heap = this.#heap;
    heap.push({ at, n: this.#entered++, happen });
    let i = heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#earlier(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  run(watch: (now: Ms) => void = () => {}): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      next.happen(next.at);
      watch(next.at);
    }
  }

  #take(): { at: Ms; happen: Happening } | undefined {
    const heap = this.#heap;
    if (heap.length < 2) return heap.pop();
    const first = heap[0]!;
    heap[0] = heap.pop()!;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && this.#earlier(child, least)) least = child;
      }
      if (least === i) return first;
      this.#swap(i, least);
      i = least;
    }
  }

  #earlier(a: number, b: number): boolean {
    const x = this.#heap[a]!;
    const y = this.#heap[b]!;
    return x.at !== y.at ? x.at < y.at : x.n < y.n;
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const kept = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = kept;
  }
}
