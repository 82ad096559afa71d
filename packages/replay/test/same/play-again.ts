// Plays what a gateway's engine was asked through the driver of replay: requests arrive when they
// did, and attempts end as they did, whatever the deployment; everything else is the driver's.

import { createEngine } from '@entrepot/engine/create-engine';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Deployment, Route } from '@entrepot/engine/deployment';
import type { Ms, Random } from '@entrepot/engine/engine';
import { Driver, type Listener } from '../../src/driver.ts';
import { Flight } from '../../src/flight.ts';
import type { Host } from '../../src/host.ts';
import { type Decision, recorded, type WholeEngine } from './decisions.ts';
import { lateMs } from './live.ts';

type Of<Call> = Extract<Decision, { call: Call }>;

/** One attempt as it went. */
interface Script {
  readonly end: Of<'observe'>;
  readonly settled: Of<'settle'> | null;
}

export function playAgain(
  decisions: readonly Decision[],
  routes: readonly Route[],
  settings: SettingsOverrides,
  random: Random,
): { log: Decision[]; engine: WholeEngine } {
  const log: Decision[] = [];
  const engine = recorded(createEngine({ routes, ...settings }), d => log.push(d));
  const arrivals = decisions.filter(d => d.call === 'choose');
  const scripts = scriptsOf(decisions);
  const deployments = new Map(routes.flatMap(r => r.deployments).map(d => [d.id, d]));
  const driver = new Driver({
    engine,
    hosts: [...deployments.values()].map(d => new ScriptedHost(d, scripts)),
    listener: deaf,
    intentOf: flight => arrivals[flight.number]!.intent,
    random: { of: () => random },
    lateMs,
    onOver: () => {},
  });
  arrivals.forEach(({ now, intent }, i) => {
    driver.runUntil(now);
    const flight = new Flight();
    flight.number = i;
    flight.stream = intent.stream;
    driver.arrive(flight, now);
  });
  driver.runUntil(Number.MAX_VALUE);
  return { log, engine };
}

function scriptsOf(decisions: readonly Decision[]): Script[] {
  return decisions.flatMap((decision, i) => {
    if (decision.call !== 'observe') return [];
    const after = decisions[i + 1];
    return [{ end: decision, settled: after?.call === 'settle' ? after : null }];
  });
}

/** Whatever is begun, wherever, ends as the next attempt of the script did. */
class ScriptedHost implements Host {
  readonly id: string;
  readonly #scripts: Script[];

  constructor({ id }: Deployment, scripts: Script[]) {
    this.id = id;
    this.#scripts = scripts;
  }

  begin({ attempt }: Flight, _deadlines: unknown, now: Ms): void {
    const { end, settled } = this.#scripts.shift()!;
    const { failure, ttftMs, totalMs, outputTokens } = end.outcome;
    attempt.failure = failure?.kind ?? null;
    attempt.retryAfterMs = failure?.retryAfterMs ?? null;
    attempt.contentAtMs = ttftMs === null ? Number.POSITIVE_INFINITY : now + ttftMs;
    attempt.totalMs = totalMs;
    attempt.endsAtMs = end.now;
    attempt.outputTokens = outputTokens ?? 0;
    if (settled === null) return;
    attempt.inputTokens = settled.usage.inputTokens;
    attempt.cachedTokens = settled.usage.cachedReadTokens;
    attempt.writtenTokens = settled.usage.cacheWrite5mTokens;
  }

  end(): void {}
}

const deaf: Listener = {
  onChoice: () => {},
  onFailure: () => {},
  onAnswered: () => {},
  onTruncated: () => {},
  onFailed: () => {},
  onRefused: () => {},
};
