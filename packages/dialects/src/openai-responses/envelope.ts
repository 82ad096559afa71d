// The response object around an answer. It repeats the request's parameters: from the request
// where the context has it, else as the API's own defaults.

import type { CanonicalRequest, Usage } from '../canonical.ts';
import type { AnswerContext } from '../dialect.ts';
import { type JsonObject, objectAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { instructionsOf } from './input-encode.ts';
import type { Ending } from './stop.ts';
import { encodeFormat, encodeToolChoice, encodeTools } from './tool-encode.ts';
import { encodeUsage } from './usage.ts';

export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly createdSeconds: number;
  readonly ending: Ending;
  readonly output: readonly JsonObject[];
  readonly usage: Usage | null;
}

const serviceTiers = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']);

/** Each key that the API's description or that of Open Responses demands stands in it. */
export function encodeEnvelope(answer: Answer, context: AnswerContext): JsonObject {
  const { ending, usage } = answer;
  const isCompleted = ending.status === 'completed';
  return {
    id: answer.id,
    object: 'response',
    created_at: answer.createdSeconds,
    status: ending.status,
    // There is no clock here: an answer is completed in the second in which it was made.
    completed_at: isCompleted ? answer.createdSeconds : null,
    error: ending.status === 'failed' ? malformed : null,
    incomplete_details: ending.incomplete === null ? null : { reason: ending.incomplete },
    model: answer.model,
    output: answer.output,
    ...encodeEcho(context.request),
    service_tier: tierOf(usage?.serviceTier ?? context.request?.serviceTier),
    usage: usage === null ? null : encodeUsage(usage),
    ...searchesOf(usage),
  };
}

const malformed: JsonObject = {
  code: 'server_error',
  message: 'The model wrote a call that cannot be read.',
};

function tierOf(tier: string | null | undefined): string {
  return typeof tier === 'string' && serviceTiers.has(tier) ? tier : 'default';
}

/** Not in the API's description, but in its answers. */
function searchesOf(usage: Usage | null): JsonObject {
  if (usage === null || usage.webSearches === 0) return {};
  return { tool_usage: { web_search: { num_requests: usage.webSearches } } };
}

function encodeEcho(request: CanonicalRequest | undefined): JsonObject {
  const isOwn = request?.extensions?.dialect === 'openai-responses';
  const own: JsonObject = isOwn ? request!.extensions!.fields : {};
  return {
    ...echoOfAnswer(request, own),
    ...echoOfTools(request, own),
    background: own.background ?? false,
    instructions: (request && instructionsOf(request.messages)) ?? null,
    metadata: request?.metadata ?? {},
    previous_response_id: own.previous_response_id ?? null,
    prompt_cache_key: request?.promptCacheKey ?? null,
    safety_identifier: own.safety_identifier ?? null,
    // Nothing is kept that nobody asked to keep.
    store: request?.store ?? own.store ?? false,
    truncation: own.truncation ?? 'disabled',
    ...(request?.user === undefined ? {} : { user: request.user }),
  };
}

function echoOfAnswer(request: CanonicalRequest | undefined, own: JsonObject): JsonObject {
  const { responseFormat, reasoning, logprobs } = request ?? {};
  const summary = reasoning?.display === 'summarized' ? 'auto' : null;
  return {
    frequency_penalty: request?.frequencyPenalty ?? 0,
    max_output_tokens: request?.maxOutputTokens ?? null,
    presence_penalty: request?.presencePenalty ?? 0,
    reasoning: { effort: reasoning?.effort ?? null, summary, ...objectAt(own, 'reasoning') },
    temperature: request?.temperature ?? 1,
    text: { ...objectAt(own, 'text'), format: encodeFormat(responseFormat ?? { type: 'text' }) },
    top_logprobs: logprobs?.top ?? own.top_logprobs ?? 0,
    top_p: request?.topP ?? 1,
  };
}

/** A tool of another dialect has no words here and is left out: it was asked for, not lost. */
function echoOfTools(request: CanonicalRequest | undefined, own: JsonObject): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request ?? {};
  return {
    max_tool_calls: own.max_tool_calls ?? null,
    parallel_tool_calls: parallelToolCalls ?? true,
    tool_choice:
      own.tool_choice ?? (toolChoice === undefined ? 'auto' : encodeToolChoice(toolChoice, tools)),
    // A description, which a request may lack, must stand in an answer.
    tools: encodeTools(tools, new Losses()).map(tool =>
      tool.type === 'function' ? { description: null, ...tool } : tool,
    ),
  };
}
