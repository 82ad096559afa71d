// How to think, for an upstream: fields that each vendor's models have of their own. Newer models
// of Claude think as they see fit, by an effort; older ones must be given a budget of tokens.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import { effortWord, minBudgetTokens, thinkingBudget } from '../claude-thinking.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isForced } from './tool-encode.ts';

export interface Thinking {
  /** Of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** Claude thinks before it answers: some other fields are refused then. */
  readonly active: boolean;
}

const unsaid: Thinking = { fields: {}, active: false };

export function encodeReasoning(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): Thinking {
  const { reasoning } = request;
  if (reasoning === undefined) return unsaid;
  if (!target.reasoning) {
    if (reasoning.mode !== 'disabled') losses.add('reasoning', 'the model does not reason');
    return unsaid;
  }
  if (target.vendor === 'anthropic') return forClaude(request, reasoning, target, losses);
  if (reasoning.display !== undefined && reasoning.display !== 'omitted') {
    losses.add('reasoning.display', 'whether thinking is shown cannot be chosen here');
  }
  return { fields: forOthers(reasoning, target, losses), active: false };
}

function forClaude(
  request: CanonicalRequest,
  reasoning: Reasoning,
  target: TargetModel,
  losses: Losses,
): Thinking {
  const { mode, display, budgetTokens } = reasoning;
  const effort = effortField(reasoning.effort);
  if (mode === 'disabled') {
    return { fields: { thinking: { type: 'disabled' }, ...effort }, active: false };
  }
  if (isForced(request.toolChoice)) {
    losses.add('reasoning', 'thinking does not go with a tool that must be called');
    return unsaid;
  }
  const shown = display === undefined ? {} : { display };
  // Of a model that is not known, the caller knows best.
  if (budgetTokens === undefined && (target.adaptiveThinking ?? mode === 'adaptive')) {
    return { fields: { thinking: { type: 'adaptive', ...shown }, ...effort }, active: true };
  }
  const most = request.maxOutputTokens ?? Infinity;
  const budget = thinkingBudget(request, reasoning, most, 'bedrock-converse', losses);
  if (budget === null) return unsaid;
  const thinking = { type: 'enabled', budget_tokens: budget, ...shown };
  return { fields: { thinking, ...(budgetTokens === undefined ? {} : effort) }, active: true };
}

function effortField(effort: Effort | undefined): JsonObject {
  const word = effortWord(effort);
  return word === null ? {} : { output_config: { effort: word } };
}

function forOthers(reasoning: Reasoning, target: TargetModel, losses: Losses): JsonObject {
  const isOff = reasoning.mode === 'disabled';
  switch (target.vendor) {
    case 'openai': {
      if (isOff) break;
      const effort = effortOf(reasoning, losses);
      return effort === null ? {} : { reasoning_effort: effort };
    }
    case 'amazon': {
      if (isOff) return { reasoningConfig: { type: 'disabled' } };
      const effort = effortOf(reasoning, losses);
      const level = effort === null ? {} : { maxReasoningEffort: novaEffort(effort) };
      return { reasoningConfig: { type: 'enabled', ...level } };
    }
    default:
  }
  const isSaid = isOff || reasoning.effort !== undefined || reasoning.budgetTokens !== undefined;
  if (isSaid) losses.add('reasoning', 'how much this model thinks cannot be chosen here');
  return {};
}

/** For a budget the effort that the tables above give back; a budget is never carried exactly. */
function effortOf({ effort, budgetTokens }: Reasoning, losses: Losses): Effort | null {
  if (budgetTokens === undefined) return effort ?? null;
  losses.add('reasoning.budgetTokens', 'there is an effort but no budget here');
  if (effort !== undefined) return effort;
  if (budgetTokens <= minBudgetTokens) return 'low';
  return budgetTokens <= 4096 ? 'medium' : 'high';
}

/** The models of amazon know three words. */
function novaEffort(effort: Effort): string {
  if (effort === 'none' || effort === 'minimal') return 'low';
  return effort === 'xhigh' || effort === 'max' ? 'high' : effort;
}
