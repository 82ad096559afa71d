// GET /v1/models: the routes that callers can use, in the form of the SDK that asks.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './errors.ts';
import type { Gateway } from './gateway.ts';

export function listModels(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const isAnthropic = request.headers['anthropic-version'] !== undefined;
  try {
    gateway.keys.principal(request.headers);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const { message, code } = cause.error;
    const error = { message, type: 'authentication_error', param: null, code: code ?? null };
    sendJson(response, 401, isAnthropic ? { type: 'error', error } : { error });
    return;
  }
  const names = [...gateway.routes.keys()];
  sendJson(response, 200, isAnthropic ? anthropicList(names) : openaiList(names));
}

function openaiList(names: readonly string[]): unknown {
  const data = names.map(id => ({ id, object: 'model', created: 0, owned_by: 'entrepot' }));
  return { object: 'list', data };
}

function anthropicList(names: readonly string[]): unknown {
  const created_at = '1970-01-01T00:00:00Z';
  const data = names.map(id => ({ type: 'model', id, display_name: id, created_at }));
  return { data, has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  const head = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(status, head).end(body);
}
