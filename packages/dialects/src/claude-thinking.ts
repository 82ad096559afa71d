// How Claude is made to think, on whatever cloud it runs: its models take a budget of tokens, which
// is part of the whole answer's, or an effort.

import type { CanonicalRequest, Effort, Reasoning } from './canonical.ts';
import { type ClaudesDialect, lacksThinking } from './claude-turns.ts';
import type { Losses } from './losses.ts';

/** The least budget that is taken. */
export const minBudgetTokens = 1024;

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

/**
 * Tokens to think with, or null and a loss: a minor one where a turn goes on that lost its thinking
 * on the way, which Claude then ends without. `mostTokens` is what the whole answer may have.
 */
export function thinkingBudget(
  request: CanonicalRequest,
  { effort, budgetTokens }: Reasoning,
  mostTokens: number,
  dialect: ClaudesDialect,
  losses: Losses,
): number | null {
  if (lacksThinking(request, dialect)) {
    losses.addMinor('reasoning', 'the calls come back without the thinking that led to them');
    return null;
  }
  const wanted = budgetTokens ?? budgets[effort ?? 'medium'];
  const budget = Math.min(wanted, mostTokens - 1);
  if (budget < Math.min(wanted, minBudgetTokens)) {
    losses.add('reasoning', `the answer leaves no room for ${minBudgetTokens} tokens of thinking`);
    return null;
  }
  if (budgetTokens !== undefined && budget < budgetTokens) {
    losses.add('reasoning.budgetTokens', 'it is more than the whole answer may have');
  }
  return budget;
}

/** The lowest word is `low`; null where there is none to say. */
export function effortWord(effort: Effort | undefined): string | null {
  if (effort === undefined || effort === 'none') return null;
  return effort === 'minimal' ? 'low' : effort;
}
