// Reasoning and the fields that depend on it: openai's reasoning models take an effort, know
// `max_completion_tokens` alone, and refuse sampling fields.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';

/**
 * Effort for a budget of thinking tokens. Thresholds of agentgateway's and LiteLLM's tables of the
 * other direction (low 1024, medium 2048 to 4096); a budget is never carried exactly.
 */
function effortOfBudget(budgetTokens: number): Effort {
  if (budgetTokens <= 1024) return 'low';
  return budgetTokens <= 4096 ? 'medium' : 'high';
}

export function encodeReasoning(
  reasoning: Reasoning,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const { mode, effort, budgetTokens, display } = reasoning;
  if (!target.reasoning) {
    if (mode !== 'disabled') losses.add('reasoning', 'the model does not reason');
    return {};
  }
  if (mode === 'disabled') {
    if (effort === 'none') return { reasoning_effort: 'none' };
    losses.add('reasoning.mode', 'reasoning cannot be switched off for this model');
    return {};
  }
  if (budgetTokens !== undefined) {
    losses.add('reasoning.budgetTokens', 'there is an effort but no budget here');
  }
  if (display !== undefined && display !== 'omitted') {
    losses.add('reasoning.display', 'the text of reasoning is not shown here');
  }
  const written = effort ?? (budgetTokens === undefined ? null : effortOfBudget(budgetTokens));
  return written === null ? {} : { reasoning_effort: written };
}

const samplingNames = {
  temperature: 'temperature',
  topP: 'top_p',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  logitBias: 'logit_bias',
} as const;

/** Sampling fields, as far as the model takes them. */
export function encodeSampling(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const refused = refusesSampling(request, target);
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(samplingNames) as (keyof typeof samplingNames)[]) {
    const value = request[key];
    if (value === undefined) continue;
    if (!refused) fields[samplingNames[key]] = value;
    else if (!isDefault(key, value)) losses.add(key, 'reasoning models of openai refuse it');
  }
  return fields;
}

/** Models of openai that can reason take sampling fields when they are told not to reason. */
export function refusesSampling(request: CanonicalRequest, target: TargetModel): boolean {
  return isOpenaiReasoning(target) && request.reasoning?.effort !== 'none';
}

/** The value that the model uses anyway. */
function isDefault(key: keyof typeof samplingNames, value: unknown): boolean {
  if (typeof value === 'object') return Object.keys(value ?? {}).length === 0;
  return key === 'temperature' || key === 'topP' ? value === 1 : value === 0;
}

/** More than the model can write is the same as its own limit, which hosts refuse to be told. */
export function encodeMaxTokens(request: CanonicalRequest, target: TargetModel): JsonObject {
  if (request.maxOutputTokens === undefined) return {};
  const limit = Math.min(request.maxOutputTokens, target.maxOutputTokens ?? Infinity);
  const isNew = isOpenaiReasoning(target) || target.host?.lacks?.includes('max_tokens') === true;
  return isNew ? { max_completion_tokens: limit } : { max_tokens: limit };
}

export function isOpenaiReasoning(target: TargetModel): boolean {
  return target.reasoning && isOpenaiItself(target);
}
