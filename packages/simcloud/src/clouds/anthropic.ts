// Anthropic's API: POST /v1/messages. Errors, headers and limits as docs.anthropic.com tells them
// ("Errors", "Rate limits", "Streaming messages").

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Errand } from '../errand.ts';
import type { SimulatedModel } from '../model.ts';
import type { QuotaState, QuotaStates } from '../quota.ts';
import { randomText } from '../random.ts';
import { invalid, type Refusal, type WireRefusal } from '../refusal.ts';
import { thinkingProblem } from '../thinking-rules.ts';
import { unansweredCalls } from '../unanswered-calls.ts';
import {
  bearer,
  bytesOf,
  type Face,
  header,
  pathOf,
  type Speech,
  seconds,
  type WireCall,
} from './face.ts';

const ping = bytesOf('event: ping\ndata: {"type":"ping"}\n\n');

export const messagesSpeech: Speech = {
  dialect: anthropicMessages,
  encryptsThinking: false,
  check,
  responseId: random => `msg_${randomText(random, 24)}`,
  finish: body => body,
  finishEvent: (bytes, isFirst) => (isFirst ? Buffer.concat([bytes, ping]) : bytes),
  streamError: () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    return bytesOf(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
  },
  brokenStream: () => bytesOf('event: message_start\ndata: {"type":"message_st\n\nevent\n\n'),
};

const counting: Errand = {
  dialect: anthropicCountTokens,
  model: null,
  path: null,
  check: (_request, call) => versionProblem(call),
};

function versionProblem(call: WireCall): Refusal | null {
  return header(call, 'anthropic-version') === null
    ? invalid('anthropic-version: header is required')
    : null;
}

export const anthropic: Face = {
  name: 'anthropic',
  cachesByItself: false,
  callIdPrefix: 'toolu_',
  serviceTier: 'standard',
  largestBodyBytes: 32 * 1024 * 1024,

  route: (method, target) =>
    method === 'POST' && pathOf(target) === '/v1/messages'
      ? { speech: messagesSpeech, model: null, path: null }
      : null,
  errand: (method, target) =>
    method === 'POST' && pathOf(target) === '/v1/messages/count_tokens' ? counting : null,
  authenticate: (call, accepted) => {
    const key = header(call, 'x-api-key') ?? bearer(call);
    if (key === null) return { reason: 'no-credential' };
    return accepted.anthropic.includes(key) ? null : { reason: 'wrong-credential', shown: '' };
  },
  refuse: (refusal, requestId, nowMs) => {
    const wire = refuse(refusal, nowMs);
    const { status, headers, type, message } = wire;
    const body = JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId });
    const own = { 'content-type': 'application/json', 'request-id': requestId };
    return { status, headers: { ...headers, ...own }, body };
  },

  requestId: random => `req_${randomText(random, 24)}`,
  headers: facts => ({
    'request-id': facts.requestId,
    'anthropic-organization-id': 'simulated',
    ...rateLimitHeaders(facts.quota, facts.nowMs),
  }),
};

function check(request: CanonicalRequest, call: WireCall, model: SimulatedModel): Refusal | null {
  const unsaid = versionProblem(call);
  if (unsaid !== null) return unsaid;
  return checkMessages(request, model);
}

/** What Claude refuses wherever it is called in this dialect. */
export function checkMessages(request: CanonicalRequest, model: SimulatedModel): Refusal | null {
  const { maxOutputTokens: most, messages, reasoning } = request;
  if (most === undefined) return invalid('max_tokens: Field required');
  if (most > model.maxOutputTokens) {
    return invalid(
      `max_tokens: ${most} > ${model.maxOutputTokens}, which is the maximum allowed number of ` +
        `output tokens for ${request.model}`,
    );
  }
  if (messages.length === 0) return invalid('messages: at least one message is required');
  const budget = reasoning?.budgetTokens;
  if (budget !== undefined && budget >= most) {
    return invalid('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  if (budget !== undefined && budget < 1024) {
    return invalid('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  }
  const unanswered = unansweredCalls(messages);
  if (unanswered !== null) {
    const ids = unanswered.ids.join(', ');
    return invalid(
      `messages.${unanswered.messageIndex}: \`tool_use\` ids were found without \`tool_result\` ` +
        `blocks immediately after: ${ids}. Each \`tool_use\` block must have a corresponding ` +
        '`tool_result` block in the next message.',
    );
  }
  const thinking = thinkingProblem(request);
  return thinking === null ? null : invalid(thinking);
}

function rateLimitHeaders(quota: QuotaStates, nowMs: number): Record<string, string> {
  const family = (name: string, { limit, remaining, resetMs }: QuotaState) => ({
    [`anthropic-ratelimit-${name}-limit`]: String(limit),
    [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
    [`anthropic-ratelimit-${name}-reset`]: rfc3339(nowMs + resetMs),
  });
  return {
    ...family('requests', quota.requests),
    ...family('tokens', quota.tokens),
    ...family('input-tokens', quota.tokens),
    ...family('output-tokens', quota.tokens),
  };
}

function rfc3339(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

interface AnthropicRefusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly headers?: WireRefusal['headers'];
}

function refuse(refusal: Refusal, nowMs: number): AnthropicRefusal {
  const badRequest = (message: string): AnthropicRefusal => ({
    status: 400,
    type: 'invalid_request_error',
    message,
  });
  switch (refusal.reason) {
    case 'no-credential':
      return { status: 401, type: 'authentication_error', message: 'x-api-key header is required' };
    case 'signature':
    case 'wrong-credential':
      return { status: 401, type: 'authentication_error', message: 'invalid x-api-key' };
    case 'no-such-path':
      return { status: 404, type: 'not_found_error', message: 'Not Found' };
    case 'no-such-model':
      return { status: 404, type: 'not_found_error', message: `model: ${refusal.model}` };
    case 'too-large':
      return {
        status: 413,
        type: 'request_too_large',
        message: 'Request exceeds the maximum size',
      };
    case 'invalid':
      return badRequest(refusal.message);
    case 'context-length':
      return badRequest(`prompt is too long: ${refusal.tokens} tokens > ${refusal.limit} maximum`);
    case 'rate-limit': {
      const { exceeded, retryAfterMs } = refusal;
      const limit =
        exceeded === null
          ? 'rate limit'
          : `rate limit of ${exceeded.states[exceeded.unit].limit} ${exceeded.unit} per minute`;
      const headers = {
        'retry-after': seconds(retryAfterMs),
        'x-should-retry': 'true',
        ...(exceeded === null ? {} : rateLimitHeaders(exceeded.states, nowMs)),
      };
      const message = `This request would exceed your organization's ${limit}.`;
      return { status: 429, type: 'rate_limit_error', message, headers };
    }
    case 'overloaded': {
      const headers = { 'x-should-retry': 'true' };
      return { status: 529, type: 'overloaded_error', message: 'Overloaded', headers };
    }
    case 'server-error': {
      const status = refusal.status ?? 500;
      return { status, type: 'api_error', message: 'Internal server error' };
    }
  }
}
