// Writes down what an engine is asked and what it decides, in order: two logs that are equal are
// the same decisions on the same inputs.

import type { Choice, Step } from '@entrepot/engine/choice';
import type { createEngine } from '@entrepot/engine/create-engine';
import type { Ms, Random } from '@entrepot/engine/engine';
import type { Intent, Usage } from '@entrepot/engine/intent';
import type { AttemptOutcome } from '@entrepot/engine/outcome';

export type WholeEngine = ReturnType<typeof createEngine>;

export type Decision =
  | { call: 'choose'; now: Ms; intent: Intent; candidates: string[]; ruledOut: string[] }
  | { call: 'next'; now: Ms; step: Step }
  | { call: 'begin'; now: Ms; deployment: string }
  | { call: 'observe'; now: Ms; outcome: AttemptOutcome }
  | { call: 'settle'; now: Ms; deployment: string; usage: Usage; charge: unknown };

/** The same engine; `note` is told of each decision right after it. */
export function recorded(engine: WholeEngine, note: (decision: Decision) => void): WholeEngine {
  const choose = (intent: Intent, now: Ms, random: Random): Choice => {
    const choice = engine.choose(intent, now, random);
    const candidates = choice.candidates.map(c => `${c.deployment.id} ${c.score} ${c.reason()}`);
    const ruledOut = choice.ruledOut.map(r => `${r.deployment.id} ${r.reason}`);
    note({ call: 'choose', now, intent, candidates, ruledOut });
    return choice;
  };
  const next: WholeEngine['next'] = (choice, tried, now, random) => {
    const step = engine.next(choice, tried, now, random);
    note({ call: 'next', now, step });
    return step;
  };
  const begin = (deployment: string, now: Ms): void => {
    engine.begin(deployment, now);
    note({ call: 'begin', now, deployment });
  };
  const observe = (outcome: AttemptOutcome, now: Ms): void => {
    engine.observe(outcome, now);
    // What a broken answer had used so far is told by the gateway, and read by no engine.
    const { operation: _, failure, outputTokens, ...told } = outcome;
    const used = failure === null ? outputTokens : null;
    note({ call: 'observe', now, outcome: { ...told, failure, outputTokens: used } });
  };
  const settle: WholeEngine['settle'] = (deployment, usage, now) => {
    const charge = engine.settle(deployment, usage, now);
    const { inputTokens, cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage;
    const { outputTokens } = usage;
    const used = { inputTokens, cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens };
    note({ call: 'settle', now, deployment, usage: { ...used, outputTokens }, charge });
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
