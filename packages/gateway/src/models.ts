// The routes that callers can use, all or one of them, in the form of the SDK that asks.

import type { DialectName, HeaderMap } from '@entrepot/dialects/dialect';
import { dialectOf } from './dialects.ts';
import { gatewayError, Refusal } from './errors.ts';
import type { Gateway } from './gateway.ts';
import type { Inbound } from './inbound/inbound.ts';
import {
  anthropicForm,
  geminiForm,
  type ListedModel,
  type ModelForm,
  openaiForm,
} from './model-forms.ts';

const forms = {
  'openai-chat': openaiForm,
  'anthropic-messages': anthropicForm,
  gemini: geminiForm,
} as const satisfies Partial<Record<DialectName, ModelForm>>;

const modelsPath = /^\/v1(?:beta)?\/models(?:\/(.+))?$/;

export function isModels(path: string): boolean {
  return modelsPath.test(path);
}

/** GET /v1/models, /v1beta/models, and the same with the name of one. */
export function showModels(gateway: Gateway, path: string, query: string, inbound: Inbound): void {
  const asked = dialectAsked(path, inbound.headers);
  const form = forms[asked];
  try {
    gateway.keys.principal(inbound.headers);
    const name = modelsPath.exec(path)![1];
    const shown =
      name === undefined
        ? pageOf(
            [...gateway.routes].map(([n, route]) => ({ name: n, route })),
            form,
            query,
          )
        : form.one(namedModel(gateway, name));
    sendJson(inbound, 200, Buffer.from(JSON.stringify(shown)));
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const { status, body } = dialectOf(asked).encodeError(cause.error, gateway.requestIds.next());
    sendJson(inbound, status, body);
  }
}

/** By what the SDKs send and nobody else does. */
function dialectAsked(path: string, headers: HeaderMap): keyof typeof forms {
  if (path.startsWith('/v1beta/') || headers['x-goog-api-key'] !== undefined) return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
}

/** Names with a slash stand in the path as they are, or encoded. Throws a Refusal (404). */
function namedModel(gateway: Gateway, segment: string): ListedModel {
  const route = gateway.routes.get(decoded(segment));
  if (route !== undefined) return { name: decoded(segment), route };
  throw new Refusal(gatewayError('model_not_found', `There is none at ${segment.slice(0, 80)}.`));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** As Anthropic's and Google's lists are asked for a part; openai's has none. */
function pageOf(all: readonly ListedModel[], form: ModelForm, query: string): object {
  const asked = new URLSearchParams(query);
  const at = (name: string | null): number => all.findIndex(model => model.name === name);
  const limit = Math.max(1, Number(asked.get('limit') ?? asked.get('pageSize')) || all.length);
  const before = at(asked.get('before_id'));
  const end = before === -1 ? all.length : before;
  const after = at(asked.get('after_id') ?? asked.get('pageToken')) + 1;
  const start = before === -1 ? after : Math.max(after, end - limit);
  const page = all.slice(start, Math.min(end, start + limit));
  const hasMore = before === -1 ? start + page.length < all.length : start > 0;
  const [firstName, lastName] = [page[0]?.name ?? null, page.at(-1)?.name ?? null];
  return form.list(page.map(form.one), { firstName, lastName, hasMore });
}

function sendJson(inbound: Inbound, status: number, body: Uint8Array): void {
  inbound.send(status, ['content-type', 'application/json'], body);
}
