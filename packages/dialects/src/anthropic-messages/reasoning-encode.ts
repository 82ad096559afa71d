// Thinking, for an upstream. Newer models of Claude think as they see fit, by an effort; older ones
// must be given a budget of tokens, which takes part of `max_tokens`.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from './losses.ts';
import { isForced } from './tool-encode.ts';

/** The least that the API takes. */
const minBudgetTokens = 1024;

/** Budgets of agentgateway and LiteLLM for the same words. */
const budgets: Readonly<Record<Effort, number>> = {
  none: minBudgetTokens,
  minimal: minBudgetTokens,
  low: minBudgetTokens,
  medium: 2048,
  high: 4096,
  xhigh: 8192,
  max: 16_384,
};

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
  const budget = budgetOf(request, reasoning, maxTokens, losses);
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

function budgetOf(
  request: CanonicalRequest,
  { effort, budgetTokens }: Reasoning,
  maxTokens: number,
  losses: Losses,
): number | null {
  if (lacksThinking(request)) {
    losses.add('reasoning', 'the tool calls come back without the thinking that led to them');
    return null;
  }
  const wanted = budgetTokens ?? budgets[effort ?? 'medium'];
  const budget = Math.min(wanted, maxTokens - 1);
  if (budget < Math.min(wanted, minBudgetTokens)) {
    losses.add('reasoning', `the answer leaves no room for ${minBudgetTokens} tokens of thinking`);
    return null;
  }
  if (budgetTokens !== undefined && budget < budgetTokens) {
    losses.add('reasoning.budgetTokens', 'it is more than the whole answer may have');
  }
  return budget;
}

/** Claude refuses to go on thinking after calls that came without signed thinking of its own. */
function lacksThinking({ messages }: CanonicalRequest): boolean {
  const last = messages.findLast(({ role }) => role === 'user' || role === 'assistant');
  if (last?.content.some(block => block.type === 'tool_result') !== true) return false;
  const first = messages.findLast(({ role }) => role === 'assistant')?.content[0];
  if (first === undefined || first.type === 'native') return false;
  const isThinking = first.type === 'thinking' || first.type === 'redacted_thinking';
  return !(isThinking && first.issuer === 'anthropic');
}

/** The lowest word here is `low`. */
function effortWord(effort: Effort | undefined): string | null {
  if (effort === undefined || effort === 'none') return null;
  return effort === 'minimal' ? 'low' : effort;
}
