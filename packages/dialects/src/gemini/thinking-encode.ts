// Reasoning in Gemini's words: a budget of tokens up to generation 2.5, a level from 3 on.

import type { Effort, Reasoning } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { generationOf } from './model-generation.ts';

/** Budgets by which Google itself reads an effort, in its OpenAI-compatible endpoint. */
const budgets: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24576,
  xhigh: 24576,
  max: 24576,
};

/** The least that models take which cannot do without thinking (2.5 Pro). */
const leastBudget = 128;

export function encodeThinking(
  reasoning: Reasoning,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  if (!target.reasoning) {
    if (reasoning.mode !== 'disabled') losses.add('reasoning', 'the model does not reason');
    return {};
  }
  const { display, effort } = reasoning;
  if (display !== undefined && display !== 'summarized' && display !== 'omitted') {
    losses.add('reasoning.display', 'thoughts are summarized or omitted here');
  }
  if (effort === 'xhigh' || effort === 'max') {
    losses.add('reasoning.effort', 'high is the most that there is here');
  }
  const amount =
    generationOf(target.name) >= 3
      ? encodeLevel(reasoning, target, losses)
      : encodeBudget(reasoning, target, losses);
  const isShown = display !== undefined && display !== 'omitted' && reasoning.mode !== 'disabled';
  const config = { ...amount, ...(isShown ? { includeThoughts: true } : {}) };
  return Object.keys(config).length === 0 ? {} : { thinkingConfig: config };
}

/** Thresholds of agentgateway's and LiteLLM's tables; a budget is never carried exactly. */
function levelOfBudget(budgetTokens: number): string {
  if (budgetTokens <= 1024) return 'LOW';
  return budgetTokens <= 4096 ? 'MEDIUM' : 'HIGH';
}

/** The least is MINIMAL for the smaller models and LOW for the others. */
function encodeLevel(reasoning: Reasoning, target: TargetModel, losses: Losses): JsonObject {
  const { mode, effort, budgetTokens } = reasoning;
  const least = /flash/.test(target.name) ? 'MINIMAL' : 'LOW';
  if (mode === 'disabled') {
    losses.add('reasoning.mode', 'thinking cannot be switched off for this model');
    return { thinkingLevel: least };
  }
  if (effort !== undefined && effort !== 'none') {
    if (budgetTokens !== undefined) losses.add('reasoning.budgetTokens', levelsOnly);
    if (effort === 'minimal') return { thinkingLevel: least };
    const isMost = effort === 'xhigh' || effort === 'max';
    return { thinkingLevel: isMost ? 'HIGH' : effort.toUpperCase() };
  }
  if (budgetTokens === undefined) return {};
  losses.add('reasoning.budgetTokens', levelsOnly);
  return { thinkingLevel: levelOfBudget(budgetTokens) };
}

const levelsOnly = 'this model takes a level and no budget';

function encodeBudget(reasoning: Reasoning, target: TargetModel, losses: Losses): JsonObject {
  const { mode, effort, budgetTokens } = reasoning;
  if (mode === 'disabled') {
    if (!/pro/.test(target.name)) return { thinkingBudget: 0 };
    losses.add('reasoning.mode', 'thinking cannot be switched off for this model');
    return { thinkingBudget: leastBudget };
  }
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens };
  return { thinkingBudget: effort === undefined ? -1 : budgets[effort] };
}
