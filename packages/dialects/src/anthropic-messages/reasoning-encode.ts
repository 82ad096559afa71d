// Thinking, for an upstream. Newer models of Claude think as they see fit, by an effort; older ones
// must be given a budget of tokens, which takes part of `max_tokens`.

import type { CanonicalRequest, Reasoning } from '../canonical.ts';
import { effortWord, thinkingBudget } from '../claude-thinking.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isForced } from './tool-encode.ts';

export interface Thinking {
  readonly thinking: JsonObject | null;
  readonly effort: string | null;
  /** The model thinks before it answers: some other fields are refused then. */
  readonly active: boolean;
}

const unsaid: Thinking = { thinking: null, effort: null, active: false };

export function encodeReasoning(
  request: CanonicalRequest,
  target: TargetModel,
  maxTokens: number,
  losses: Losses,
): Thinking {
  const { reasoning } = request;
  if (reasoning === undefined) return unsaid;
  if (!target.reasoning) {
    if (reasoning.mode !== 'disabled') losses.add('reasoning', 'the model does not reason');
    return unsaid;
  }
  const effort = effortWord(reasoning.effort);
  if (reasoning.mode === 'disabled') {
    return { thinking: { type: 'disabled' }, effort, active: false };
  }
  if (isForced(request.toolChoice)) {
    losses.add('reasoning', 'thinking does not go with a tool that must be called');
    return unsaid;
  }
  const { display, budgetTokens } = reasoning;
  const shown = display === undefined ? {} : { display };
  if (budgetTokens === undefined && thinksByItself(reasoning, target)) {
    return { thinking: { type: 'adaptive', ...shown }, effort, active: true };
  }
  const budget = thinkingBudget(request, reasoning, maxTokens, 'anthropic-messages', losses);
  if (budget === null) return unsaid;
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...shown },
    effort: budgetTokens === undefined ? null : effort,
    active: true,
  };
}

/** Of a model that is not known, the caller knows best. */
function thinksByItself({ mode }: Reasoning, target: TargetModel): boolean {
  return target.adaptiveThinking ?? mode === 'adaptive';
}
