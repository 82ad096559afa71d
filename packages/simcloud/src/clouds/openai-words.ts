// What OpenAI's API and Azure's have in common beyond their dialect: error objects, rules and the
// headers of rate limits.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { SimulatedModel } from '../model.ts';
import type { QuotaStates } from '../quota.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { unansweredCalls } from '../unanswered-calls.ts';
import { bytesOf, type WireCall } from './face.ts';

export const serverError = 'The server had an error processing your request. Sorry about that!';

export interface OpenaiError {
  readonly message: string;
  readonly type: string | null;
  readonly param: string | null;
  readonly code: string | null;
}

export function errorBody(
  message: string,
  type: string,
  code: string | null = null,
  param: string | null = null,
): string {
  const error: OpenaiError = { message, type, param, code };
  return JSON.stringify({ error });
}

/** The rules that both refuse a request by. */
export function checkChat(
  request: CanonicalRequest,
  call: WireCall,
  model: SimulatedModel,
): Refusal | null {
  if (request.messages.length === 0) {
    return invalid(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    );
  }
  const most = model.maxOutputTokens;
  if ((request.maxOutputTokens ?? 0) > most) {
    const message =
      `max_tokens is too large: ${request.maxOutputTokens}. This model supports at most ${most} ` +
      `completion tokens, whereas you provided ${request.maxOutputTokens}.`;
    return invalid(message, 'max_tokens', 'invalid_value');
  }
  const unanswered = unansweredCalls(request.messages);
  if (unanswered !== null) {
    const message =
      "An assistant message with 'tool_calls' must be followed by tool messages responding to " +
      `each 'tool_call_id'. The following tool_call_ids did not have response messages: ${unanswered.ids.join(', ')}`;
    return invalid(message, 'messages');
  }
  return model.reasoning && model.vendor === 'openai' ? checkReasoning(request, call) : null;
}

/** Reasoning models take neither the old name of the limit nor a temperature of one's own. */
function checkReasoning(request: CanonicalRequest, call: WireCall): Refusal | null {
  const body = JSON.parse(Buffer.from(call.body).toString()) as Readonly<Record<string, unknown>>;
  if ('max_tokens' in body) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use " +
      "'max_completion_tokens' instead.";
    return invalid(message, 'max_tokens', 'unsupported_parameter');
  }
  if (request.temperature !== undefined && request.temperature !== 1) {
    const message =
      `Unsupported value: 'temperature' does not support ${request.temperature} with this model. ` +
      'Only the default (1) value is supported.';
    return invalid(message, 'temperature', 'unsupported_value');
  }
  return null;
}

export function rateLimitHeaders({ requests, tokens }: QuotaStates): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': String(requests.limit),
    'x-ratelimit-remaining-requests': String(requests.remaining),
    'x-ratelimit-reset-requests': duration(requests.resetMs),
    'x-ratelimit-limit-tokens': String(tokens.limit),
    'x-ratelimit-remaining-tokens': String(tokens.remaining),
    'x-ratelimit-reset-tokens': duration(tokens.resetMs),
  };
}

/** As Go writes a duration: `120ms`, `1.5s`, `6m0s`, `1h2m3s`. */
export function duration(ms: number): string {
  const whole = Math.ceil(ms);
  if (whole < 1000) return `${whole}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const rest = `${(whole % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** Puts fields before the others of a JSON object's text, or of an SSE event's that holds one. */
export function withFields(json: string, fields: string): string {
  return json.replace('{', `{${fields},`);
}

/** Patches every object of the SSE events in `bytes`; comments and `[DONE]` stay. */
export function mapEvents(bytes: Uint8Array, change: (json: string) => string): Uint8Array {
  if (bytes.length === 0) return bytes;
  const lines = Buffer.from(bytes).toString().split('\n');
  return bytesOf(
    lines.map(l => (l.startsWith('data: {') ? `data: ${change(l.slice(6))}` : l)).join('\n'),
  );
}
