// Plays what a gateway's engine was asked through the driver of replay: requests arrive when they
// did, and attempts end as they did, whatever the deployment; everything else is the driver's.

import { createEngine } from '@entrepot/engine/create-engine';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Deployment, Route } from '@entrepot/engine/deployment';
import type { Ms } from '@entrepot/engine/engine';
import { Driver, type Listener } from '../../src/driver.ts';
import { Flight } from '../../src/flight.ts';
import type { Host } from '../../src/host.ts';
import { type Decision, recorded, type WholeEngine } from './decisions.ts';
import { lateMs } from './live.ts';
import { randomOf } from './random-of.ts';

type Of<Call> = Extract<Decision, { call: Call }>;

/** One attempt as it went. */
interface Script {
  readonly end: Of<'observe'>;
  readonly settled: Of<'settle'> | null;
  /** It was given up because the circuit opened: that it is, the driver has to find out. */
  readonly isLeft: boolean;
}

export function playAgain(
  decisions: readonly Decision[],
  routes: readonly Route[],
  settings: SettingsOverrides,
  seed: number,
): { log: Decision[]; engine: WholeEngine } {
  const log: Decision[] = [];
  const present = { request: 0 };
  const asking = { arrives: () => present.request, present: () => present.request };
  const engine = recorded(createEngine({ routes, ...settings }), asking, d => log.push(d));
  const arrivals = decisions.filter(d => d.call === 'choose');
  const scripts = arrivals.map(({ request }) => scriptsOf(decisions, request));
  const deployments = new Map(routes.flatMap(r => r.deployments).map(d => [d.id, d]));
  const random = randomOf(seed);
  const driver = new Driver({
    engine,
    hosts: [...deployments.values()].map(d => new ScriptedHost(d, scripts, present)),
    listener: deaf,
    intentOf: flight => arrivals[flight.number]!.intent,
    random: {
      of: ({ number }) => {
        present.request = number;
        return random(number);
      },
    },
    lateMs,
    onOver: () => {},
  });
  for (const { request, now, intent } of arrivals) {
    driver.runUntil(now);
    const flight = new Flight();
    flight.number = request;
    flight.stream = intent.stream;
    driver.arrive(flight, now);
  }
  driver.runUntil(Number.MAX_VALUE);
  return { log, engine };
}

function scriptsOf(decisions: readonly Decision[], request: number): Script[] {
  const own = decisions.filter(d => d.request === request);
  return own.flatMap((decision, i) => {
    if (decision.call !== 'observe') return [];
    const after = own[i + 1];
    const settled = after?.call === 'settle' ? after : null;
    return [{ end: decision, settled, isLeft: isLeft(decision, decisions) }];
  });
}

function isLeft({ now, outcome }: Of<'observe'>, decisions: readonly Decision[]): boolean {
  if (outcome.failure?.kind !== 'first-byte-timeout') return false;
  const isJustBefore = (d: Decision): boolean => Math.abs(now - d.now - lateMs) < lateMs / 2;
  return decisions.some(
    d => d.call === 'observe' && d.outcome.deployment === outcome.deployment && isJustBefore(d),
  );
}

/** Whatever is begun, wherever, ends as the request's next attempt of the script did. */
class ScriptedHost implements Host {
  readonly id: string;
  readonly #scripts: readonly Script[][];
  readonly #present: { request: number };

  constructor({ id }: Deployment, scripts: readonly Script[][], present: { request: number }) {
    this.id = id;
    this.#scripts = scripts;
    this.#present = present;
  }

  begin({ number, attempt }: Flight, _deadlines: unknown, now: Ms): void {
    const { end, settled, isLeft } = this.#scripts[number]!.shift()!;
    const { failure, ttftMs, totalMs, outputTokens } = end.outcome;
    attempt.failure = failure?.kind ?? null;
    attempt.retryAfterMs = failure?.retryAfterMs ?? null;
    attempt.contentAtMs = ttftMs === null ? Number.POSITIVE_INFINITY : now + ttftMs;
    attempt.totalMs = totalMs;
    attempt.endsAtMs = isLeft ? Number.MAX_VALUE : end.now;
    attempt.outputTokens = outputTokens ?? 0;
    if (settled === null) return;
    attempt.inputTokens = settled.usage.inputTokens;
    attempt.cachedReadTokens = settled.usage.cachedReadTokens;
    attempt.cacheWrite5mTokens = settled.usage.cacheWrite5mTokens;
  }

  end({ number }: Flight): void {
    this.#present.request = number;
  }
}

const deaf: Listener = {
  onChoice: () => {},
  onFailure: () => {},
  onAnswered: () => {},
  onTruncated: () => {},
  onFailed: () => {},
  onRefused: () => {},
};
