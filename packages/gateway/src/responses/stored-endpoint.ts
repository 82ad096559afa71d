// Kept answers by their ids: read, also as a stream, delete, list what they were made of. Small:
// no upstream is called; errors are openai's own.

import { DialectError } from '@entrepot/dialects/dialect';
import { badField } from '@entrepot/dialects/json';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { listInputItems } from '@entrepot/dialects/openai-responses/input-items';
import { replayStream } from '@entrepot/dialects/openai-responses/replay';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import { discard, type Inbound } from '../inbound/inbound.ts';
import type { ResponseStore } from '../ledger/stored-response.ts';

export interface StoredPath {
  readonly id: string;
  readonly part: 'input_items' | 'cancel' | null;
}

const pattern = /^\/v1\/responses\/([A-Za-z0-9_.-]{1,128})(?:\/(input_items|cancel))?$/;

/** null for a path that is not of a kept answer. */
export function storedPath(path: string): StoredPath | null {
  const match = pattern.exec(path);
  if (match === null) return null;
  return { id: match[1]!, part: (match[2] as StoredPath['part'] | undefined) ?? null };
}

/** The methods that a path takes. */
export function storedMethods({ part }: StoredPath): readonly string[] {
  if (part === null) return ['GET', 'DELETE'];
  return part === 'cancel' ? ['POST'] : ['GET'];
}

/** Answers a request to a path with one of its methods. Never rejects. */
export async function serveStored(
  gateway: Gateway,
  at: StoredPath,
  query: string,
  inbound: Inbound,
): Promise<void> {
  inbound.readBody(discard);
  const requestId = gateway.requestIds.next();
  const send = (status: number, value: unknown): void => {
    const body = Buffer.from(JSON.stringify(value));
    inbound.send(status, ['content-type', 'application/json', 'x-request-id', requestId], body);
  };
  try {
    const { key } = gateway.keys.principal(inbound.headers);
    const found = await find(gateway, at, inbound.method, key, new URLSearchParams(query));
    if (found === null) send(404, notFound(at.id));
    else if (found instanceof Uint8Array) {
      const type = openaiResponses.streamContentType;
      const head = ['content-type', type, 'cache-control', 'no-cache, no-transform'];
      inbound.send(200, [...head, 'x-request-id', requestId], found);
    } else send(200, found);
  } catch (cause) {
    const known = cause instanceof Refusal || cause instanceof DialectError;
    if (!known) gateway.log.error({ err: cause, requestId }, 'a kept answer could not be read');
    const error = known ? cause.error : gatewayError('internal');
    const { status, body } = openaiResponses.encodeError(error, requestId);
    send(status, JSON.parse(Buffer.from(body).toString()));
  }
}

/**
 * What to answer, as JSON or the bytes of a stream; null where there is no such answer. Throws
 * Refusal and DialectError.
 */
async function find(
  gateway: Gateway,
  at: StoredPath,
  method: string,
  key: string,
  query: URLSearchParams,
): Promise<unknown> {
  if (gateway.responses.mode !== 'gateway') throw new Refusal(gatewayError('nothing_kept'));
  const { store } = gateway.responses;
  if (at.part === 'input_items') return await itemsOf(store, at.id, key, query);
  if (method === 'DELETE') {
    const wasThere = await store.delete(at.id, key);
    return wasThere ? { id: at.id, object: 'response', deleted: true } : null;
  }
  const kept = await store.get(at.id, key);
  if (kept === null) return null;
  if (at.part === 'cancel') throw new Refusal(gatewayError('not_cancellable'));
  const response = JSON.parse(kept.response);
  return query.get('stream') === 'true' ? replayStream(response, startOf(query)) : response;
}

/** The number of the last event that the caller has seen; -1 for none. */
function startOf(query: URLSearchParams): number {
  const text = query.get('starting_after');
  if (text === null) return -1;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badField('starting_after', 'expected the number of an event');
}

/** Turns before that are gone are not listed. */
async function itemsOf(
  store: ResponseStore,
  id: string,
  key: string,
  query: URLSearchParams,
): Promise<unknown> {
  const kept = await store.get(id, key);
  if (kept === null) return null;
  const found = await store.conversation(id, key, maxListedBytes);
  return listInputItems(id, found.type === 'whole' ? found.turns : [kept], query);
}

const maxListedBytes = 64 * 1024 * 1024;

function notFound(id: string): unknown {
  const message = `Response with id '${id}' not found.`;
  return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}
