// A request that continues kept answers, written out: the items of the earlier turns stand before
// its own, so that whoever answers needs no memory.

import { isObject, type JsonObject, objectsAt, parseJsonObject, parseJsonText } from '../json.ts';
import { bytesOf } from '../utf8.ts';
import { unseal } from './reasoning-item.ts';

/** A kept answer with what it answered. */
export interface EarlierTurn {
  /** JSON of the request's `input`, as the caller wrote it. */
  readonly input: string;
  /** JSON of the response object. */
  readonly response: string;
  /** Where it was made. */
  readonly deployment: string;
}

/**
 * The body with the items of `turns`, oldest first, before its `own`; it refers to nothing kept any
 * more. For a `deployment` what another one made is without what only its maker can read. Throws
 * DialectError for a body that is no JSON object.
 */
export function continuedBody(
  body: Uint8Array,
  turns: readonly EarlierTurn[],
  own: readonly JsonObject[],
  deployment: string | null,
): Uint8Array {
  const { previous_response_id: _, ...asked } = parseJsonObject(body, 'invalid_request');
  const input = [...turns.flatMap(turn => itemsOfTurn(turn, deployment)), ...own];
  return bytesOf(JSON.stringify({ ...asked, input, store: false }));
}

/** The items of an `input`: a text is a message of the user. */
export function itemsOfInput(input: unknown): JsonObject[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  return Array.isArray(input) ? input : [];
}

/** Input and output of one turn; without a `deployment`, as they are. */
export function itemsOfTurn(turn: EarlierTurn, deployment: string | null): JsonObject[] {
  const response = parseJsonText(turn.response, 'upstream');
  const output = isObject(response) ? objectsAt(response, 'output') : [];
  const isForeign = deployment !== null && deployment !== turn.deployment;
  return [
    ...itemsOfInput(parseJsonText(turn.input, 'upstream')),
    ...(isForeign ? output.flatMap(asForeign) : output),
  ];
}

/**
 * openai encrypts its reasoning for the account that asked, and refuses it from any other
 * (`invalid_encrypted_content`); ids of items are its own too. What other vendors signed is sealed,
 * and theirs to judge.
 */
export function asForeign({ id: _, ...item }: JsonObject): JsonObject[] {
  const isOpaque = item.type === 'reasoning' && typeof item.encrypted_content === 'string';
  return isOpaque && unseal(item) === null ? [] : [item];
}
