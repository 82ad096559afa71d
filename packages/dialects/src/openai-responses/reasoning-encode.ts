// Reasoning and the fields that depend on it: openai's reasoning models take an effort and refuse
// sampling fields. Other fields that this dialect has not are reported here too.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';
import { minOutputTokens } from './request-decode.ts';

/**
 * Effort for a budget of thinking tokens. Thresholds of agentgateway's and LiteLLM's tables of the
 * other direction (low 1024, medium 2048 to 4096); a budget is never carried exactly.
 */
function effortOfBudget(budgetTokens: number): Effort {
  if (budgetTokens <= 1024) return 'low';
  return budgetTokens <= 4096 ? 'medium' : 'high';
}

/** `own` are fields of `reasoning` that only this dialect knows. */
export function encodeReasoning(
  reasoning: Reasoning | undefined,
  own: JsonObject,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const fields = { ...own, ...effortAndSummary(reasoning, own, target, losses) };
  return Object.keys(fields).length === 0 ? {} : { reasoning: fields };
}

function effortAndSummary(
  reasoning: Reasoning | undefined,
  own: JsonObject,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  if (reasoning === undefined) return {};
  const { mode, effort, budgetTokens, display } = reasoning;
  if (!target.reasoning) {
    if (mode !== 'disabled') losses.add('reasoning', 'the model does not reason');
    return {};
  }
  const summary = display === 'summarized' ? { summary: own.summary ?? 'auto' } : {};
  if (mode === 'disabled') {
    if (effort === 'none') return { effort, ...summary };
    losses.add('reasoning.mode', 'reasoning cannot be switched off for this model');
    return {};
  }
  if (budgetTokens !== undefined) {
    losses.add('reasoning.budgetTokens', 'there is an effort but no budget here');
  }
  if (display !== undefined && display !== 'omitted' && display !== 'summarized') {
    losses.add('reasoning.display', 'reasoning is shown as a summary or not at all here');
  }
  const written = effort ?? (budgetTokens === undefined ? null : effortOfBudget(budgetTokens));
  return {
    ...(written === null ? {} : { effort: written }),
    ...summary,
  };
}

/** Models of openai that can reason take sampling fields when they are told not to reason. */
export function refusesSampling(request: CanonicalRequest, target: TargetModel): boolean {
  return isOpenaiReasoning(target) && request.reasoning?.effort !== 'none';
}

export function encodeSampling(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const { temperature, topP } = request;
  if (!refusesSampling(request, target)) {
    return {
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { top_p: topP }),
    };
  }
  // 1 is what the model uses anyway.
  for (const key of ['temperature', 'topP'] as const) {
    if ((request[key] ?? 1) !== 1) losses.add(key, 'reasoning models of openai refuse it');
  }
  return {};
}

/** Fields that no model takes in this dialect, unless they say what happens anyway. */
export function reportAbsent(request: CanonicalRequest, losses: Losses): void {
  const said = {
    topK: request.topK !== undefined,
    stop: (request.stop ?? []).length > 0,
    seed: request.seed !== undefined,
    candidates: (request.candidates ?? 1) !== 1,
    frequencyPenalty: (request.frequencyPenalty ?? 0) !== 0,
    presencePenalty: (request.presencePenalty ?? 0) !== 0,
    logitBias: Object.keys(request.logitBias ?? {}).length > 0,
  };
  for (const [field, isSaid] of Object.entries(said)) {
    if (isSaid) losses.add(field, 'there is no such field in this dialect');
  }
}

/** More than the model can write is the same as its own limit, which hosts refuse to be told. */
export function encodeMaxTokens(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  if (request.maxOutputTokens === undefined) return {};
  const limit = Math.min(request.maxOutputTokens, target.maxOutputTokens ?? Infinity);
  if (!isOpenaiItself(target) || limit >= minOutputTokens) return { max_output_tokens: limit };
  losses.add('maxOutputTokens', `openai takes no limit below ${minOutputTokens} in this dialect`);
  return { max_output_tokens: minOutputTokens };
}

/**
 * Models that encrypt their reasoning; others refuse to be asked for it. The open weights of
 * openai show theirs as it is.
 */
export function encryptsReasoning(target: TargetModel): boolean {
  return isOpenaiReasoning(target) && !target.name.includes('gpt-oss');
}

function isOpenaiReasoning(target: TargetModel): boolean {
  return target.reasoning && isOpenaiItself(target);
}
