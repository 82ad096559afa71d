// What a caller's request says in `additionalModelRequestFields`, where each vendor's models have
// fields of their own: how to think, and `top_k`. The rest is kept as it is.

import type { CanonicalRequest, Effort, Reasoning } from '../canonical.ts';
import type { JsonObject, ObjectReader } from '../json.ts';

const efforts: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

export interface ModelFields {
  readonly reasoning: CanonicalRequest['reasoning'];
  readonly topK: number | undefined;
  /** What is not known; null where there is nothing else. */
  readonly rest: JsonObject | null;
}

/** `output` is `outputConfig`, where the effort may stand as well. */
export function decodeModelFields(
  fields: ObjectReader | undefined,
  output: ObjectReader | undefined,
): ModelFields {
  if (fields === undefined) {
    return { reasoning: byEffort(effortAt(output, 'effort')), topK: undefined, rest: null };
  }
  const rest: Record<string, unknown> = { ...fields.object };
  const inner = fields.child('output_config');
  const effort =
    effortAt(inner, 'effort') ?? effortAt(fields, 'reasoning_effort') ?? effortAt(output, 'effort');
  const thinking = decodeThinking(fields, effort) ?? decodeNova(fields);
  if (thinking !== undefined) {
    delete rest.thinking;
    delete rest.reasoningConfig;
  }
  delete rest.reasoning_effort;
  without(rest, 'output_config', inner, 'effort');
  const config = fields.child('inferenceConfig');
  const topK = fields.integer('top_k') ?? config?.integer('topK');
  delete rest.top_k;
  without(rest, 'inferenceConfig', config, 'topK');
  return {
    reasoning: thinking ?? byEffort(effort),
    topK,
    rest: Object.keys(rest).length === 0 ? null : rest,
  };
}

/** Leaves of an object what else it says. */
function without(
  rest: Record<string, unknown>,
  key: string,
  inner: ObjectReader | undefined,
  known: string,
): void {
  const more = inner?.unknownFields(new Set([known]));
  if (more === undefined) delete rest[key];
  else rest[key] = more;
}

function effortAt(owner: ObjectReader | undefined, key: string): Effort | undefined {
  return owner?.oneOf(key, efforts);
}

function byEffort(effort: Effort | undefined): Reasoning | undefined {
  if (effort === undefined) return undefined;
  return { mode: effort === 'none' ? 'disabled' : 'enabled', effort };
}

/** Claude's own words. */
function decodeThinking(fields: ObjectReader, effort: Effort | undefined): Reasoning | undefined {
  const thinking = fields.child('thinking');
  const mode = thinking?.oneOf('type', ['enabled', 'disabled', 'adaptive']);
  if (thinking === undefined || mode === undefined) return undefined;
  const budgetTokens = thinking.integer('budget_tokens', 0);
  const display = thinking.string('display');
  if (mode === 'enabled' && budgetTokens === undefined) {
    throw thinking.bad('budget_tokens', 'it is required');
  }
  return {
    mode,
    ...(effort === undefined ? {} : { effort }),
    ...(budgetTokens === undefined ? {} : { budgetTokens }),
    ...(display === undefined ? {} : { display }),
  };
}

/** Amazon's own words. */
function decodeNova(fields: ObjectReader): Reasoning | undefined {
  const config = fields.child('reasoningConfig');
  const mode = config?.oneOf('type', ['enabled', 'disabled']);
  if (config === undefined || mode === undefined) return undefined;
  const effort = effortAt(config, 'maxReasoningEffort');
  return { mode, ...(effort === undefined ? {} : { effort }) };
}
