// The routes that callers can use, in the form of the SDK that asks.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DialectName } from '@entrepot/dialects/dialect';
import { dialectOf } from './dialects.ts';
import { Refusal } from './errors.ts';
import type { Gateway } from './gateway.ts';

const lists = {
  'openai-chat': openaiList,
  'anthropic-messages': anthropicList,
  gemini: geminiList,
} as const satisfies Partial<Record<DialectName, unknown>>;

/** GET /v1/models and GET /v1beta/models. */
export function listModels(
  gateway: Gateway,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const asked = dialectAsked(path, request);
  try {
    gateway.keys.principal(request.headers);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const { status, body } = dialectOf(asked).encodeError(cause.error, gateway.requestIds.next());
    sendJson(response, status, body);
    return;
  }
  const list = lists[asked]([...gateway.routes.keys()]);
  sendJson(response, 200, Buffer.from(JSON.stringify(list)));
}

/** By what the SDKs send and nobody else does. */
function dialectAsked(path: string, { headers }: IncomingMessage): keyof typeof lists {
  if (path === '/v1beta/models' || headers['x-goog-api-key'] !== undefined) return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
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

function geminiList(names: readonly string[]): unknown {
  const supportedGenerationMethods = ['generateContent', 'streamGenerateContent'];
  const models = names.map(displayName => ({
    name: `models/${displayName}`,
    displayName,
    supportedGenerationMethods,
  }));
  return { models };
}

function sendJson(response: ServerResponse, status: number, body: Uint8Array): void {
  const head = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(status, head).end(body);
}
