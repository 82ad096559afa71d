// How to think, for an upstream: fields that each vendor's models have of their own. Newer models
// of Claude think as they see fit, by an effort; older ones must be given a budget of tokens.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from './losses.ts';
import { isForced } from './tool-encode.ts';

/** The least that Claude takes. */
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
  const budget = budgetOf(request, reasoning, losses);
  if (budget === null) return unsaid;
  const thinking = { type: 'enabled', budget_tokens: budget, ...shown };
  return { fields: { thinking, ...(budgetTokens === undefined ? {} : effort) }, active: true };
}

function budgetOf(
  request: CanonicalRequest,
  { effort, budgetTokens }: Reasoning,
  losses: Losses,
): number | null {
  if (lacksThinking(request)) {
    losses.add('reasoning', 'the tool calls come back without the thinking that led to them');
    return null;
  }
  const wanted = budgetTokens ?? budgets[effort ?? 'medium'];
  const budget = Math.min(wanted, (request.maxOutputTokens ?? Infinity) - 1);
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

/** The lowest word of Claude is `low`. */
function effortField(effort: Effort | undefined): JsonObject {
  if (effort === undefined || effort === 'none') return {};
  return { output_config: { effort: effort === 'minimal' ? 'low' : effort } };
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
