// Writes down what an engine is asked and what it decides, in order: two logs that are equal are
// the same decisions on the same inputs.

import type { Choice, Step } from '@entrepot/engine/choice';
import type { createEngine } from '@entrepot/engine/create-engine';
import type { Ms, Random } from '@entrepot/engine/engine';
import type { Intent, Usage } from '@entrepot/engine/intent';
import type { AttemptOutcome } from '@entrepot/engine/outcome';

export type WholeEngine = ReturnType<typeof createEngine>;

/** `request` is the number of the request that it is about, in the order of their choices. */
export type Decision = { readonly request: number; readonly now: Ms } & (
  | { call: 'choose'; intent: Intent; candidates: string[]; ruledOut: string[] }
  | { call: 'next'; step: Step }
  | { call: 'begin'; deployment: string }
  | { call: 'observe'; outcome: AttemptOutcome }
  | { call: 'settle'; deployment: string; usage: Usage; charge: unknown }
);

/** Tells which request the engine is asked for. */
export interface Asking {
  /** It is the first that is asked of it. */
  arrives(): number;
  present(): number;
}

/** The same engine; `note` is told of each decision right after it. */
export function recorded(
  engine: WholeEngine,
  asking: Asking,
  note: (decision: Decision) => void,
): WholeEngine {
  const choose = (intent: Intent, now: Ms, random: Random): Choice => {
    const request = asking.arrives();
    const choice = engine.choose(intent, now, random);
    const candidates = choice.candidates.map(c => `${c.deployment.id} ${c.score} ${c.reason()}`);
    const ruledOut = choice.ruledOut.map(r => `${r.deployment.id} ${r.reason}`);
    note({ call: 'choose', request, now, intent, candidates, ruledOut });
    return choice;
  };
  const next: WholeEngine['next'] = (choice, tried, now, random) => {
    const step = engine.next(choice, tried, now, random);
    note({ call: 'next', request: asking.present(), now, step });
    return step;
  };
  const begin = (deployment: string, now: Ms): void => {
    engine.begin(deployment, now);
    note({ call: 'begin', request: asking.present(), now, deployment });
  };
  const observe = (outcome: AttemptOutcome, now: Ms): void => {
    engine.observe(outcome, now);
    // What a broken answer had used so far is told by the gateway, and read by no engine.
    const { operation: _, failure, outputTokens, ...told } = outcome;
    const used = { ...told, failure, outputTokens: failure === null ? outputTokens : null };
    note({ call: 'observe', request: asking.present(), now, outcome: used });
  };
  const settle: WholeEngine['settle'] = (deployment, usage, now) => {
    const charge = engine.settle(deployment, usage, now);
    const { inputTokens, cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage;
    const input = { inputTokens, cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens };
    const used = { ...input, outputTokens: usage.outputTokens };
    const request = asking.present();
    note({ call: 'settle', request, now, deployment, usage: used, charge });
    return charge;
  };
  const own: Record<string | symbol, unknown> = { choose, next, begin, observe, settle };
  return new Proxy(engine, {
    get: (target, name) => {
      const member = own[name] ?? Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** As logs and memories are compared: times of drivers do not add up exactly. */
export function inMicroseconds<T>(value: T): T {
  const round = (_: string, one: unknown): unknown =>
    typeof one === 'number' ? Math.round(one * 1_000) / 1_000 : one;
  return JSON.parse(JSON.stringify(value, round));
}
