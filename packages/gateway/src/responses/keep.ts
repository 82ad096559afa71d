// What a request of Responses says of keeping answers becomes what the gateway does: refuse it,
// write the earlier turns out before it, tell the upstream to keep nothing, keep the answer.

import { randomBytes } from 'node:crypto';
import type { CanonicalError, CanonicalRequest } from '@entrepot/dialects/canonical';
import { parseJsonObject } from '@entrepot/dialects/json';
import { continuedBody, itemsOfInput } from '@entrepot/dialects/openai-responses/earlier-turns';
import {
  type KeptItem,
  referencesIn,
  withItems,
} from '@entrepot/dialects/openai-responses/item-references';
import {
  inputText,
  type KeepingWish,
  readKeepingWish,
} from '@entrepot/dialects/openai-responses/keeping-wish';
import type { AnswerMark } from '@entrepot/dialects/openai-responses/kept-answer';
import { unkept } from '@entrepot/dialects/openai-responses/unkept';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import type { StoredResponse } from '../ledger/stored-response.ts';
import type { Arrival } from '../path/accept.ts';
import { type Understood, understand } from '../path/understand.ts';
import type { Responses } from './responses.ts';

/** What is written over an answer, and what is kept of it. */
export interface Keep {
  readonly mark: AnswerMark;
  readonly input: string;
}

/**
 * The request as the upstream is to be asked. Throws Refusal (400): the answer that it continues is
 * not known, or what it wants is not done here.
 */
export function keep(
  gateway: Gateway,
  arrival: Arrival,
  understood: Understood,
): Understood | Promise<Understood> {
  const { responses } = gateway;
  const { name } = arrival.dialect;
  if (responses.mode === 'upstream') return understood;
  if (name === 'openai-input-tokens') return countedAfter(gateway, arrival, understood);
  if (name !== 'openai-responses') return understood;
  const wish = readKeepingWish(understood.body, understood.scan);
  if (responses.mode === 'none') {
    refuseAll(wish);
    refuseReferences(referencesIn(understood.body));
  }
  if (wish.background) throw new Refusal(gatewayError('no_background', undefined, 'background'));
  if (wish.conversation) {
    throw new Refusal(gatewayError('no_conversations', undefined, 'conversation'));
  }
  if (responses.mode === 'gateway') return keepHere(gateway, responses, arrival, understood, wish);
  return wish.store === false ? understood : withoutKeeping(understood);
}

/** A count is of the earlier turns too. */
function countedAfter(
  gateway: Gateway,
  arrival: Arrival,
  understood: Understood,
): Understood | Promise<Understood> {
  const wish = readKeepingWish(understood.body, understood.scan);
  const { responses } = gateway;
  if (responses.mode === 'none') refuseAll(wish);
  if (responses.mode !== 'gateway') return understood;
  const ids = referencesIn(understood.body);
  if (wish.previous === null && ids.length === 0) return understood;
  return continued(gateway, responses.store, arrival, understood, wish.previous, ids);
}

function refuseAll({ store, previous }: KeepingWish): void {
  if (store === true) throw new Refusal(gatewayError('nothing_kept', undefined, 'store'));
  if (previous !== null) {
    throw new Refusal(gatewayError('nothing_kept', undefined, 'previous_response_id'));
  }
}

/** Reasoning that nobody kept can be left out, and what was said or asked for cannot. */
function refuseReferences(ids: readonly string[]): void {
  const needed = ids.find(id => !id.startsWith('rs_'));
  if (needed !== undefined) throw new Refusal(gatewayError('nothing_kept', undefined, 'input'));
}

/** Not for a request that says `store: false` itself: it goes on as it is. */
function withoutKeeping(understood: Understood): Understood {
  return {
    ...understood,
    isUnkept: true,
    canonical: id => unkept(understood.canonical(id) as CanonicalRequest),
  };
}

type Keeping = Extract<Responses, { mode: 'gateway' }>;

function keepHere(
  gateway: Gateway,
  { store }: Keeping,
  arrival: Arrival,
  understood: Understood,
  wish: KeepingWish,
): Understood | Promise<Understood> {
  const { previous } = wish;
  const isKept = wish.store !== false;
  const ids = referencesIn(understood.body);
  const isAlone = previous === null && ids.length === 0;
  if (!isKept && isAlone) return understood;
  const id = isKept ? `resp_${randomBytes(24).toString('hex')}` : null;
  const mark: AnswerMark = { id, previous, store: isKept };
  const input = isKept ? inputText(understood.body, understood.scan) : '';
  const marked: Understood = { ...withoutKeeping(understood), keep: { mark, input } };
  return isAlone ? marked : continued(gateway, store, arrival, marked, previous, ids);
}

/**
 * The request with its earlier turns and what it refers to written out, for whichever deployment it
 * goes to.
 */
async function continued(
  gateway: Gateway,
  store: Keeping['store'],
  arrival: Arrival,
  understood: Understood,
  previous: string | null,
  ids: readonly string[],
): Promise<Understood> {
  const { body, intent, keep } = understood;
  const turns =
    previous === null ? [] : await turnsOf(store, previous, intent.key, gateway.limits.bodyBytes);
  const items = await itemsOf(store, ids, intent.key);
  const asked = itemsOfInput(parseJsonObject(body, 'invalid_request').input);
  const ownFor = (deployment: string | null) => withItems(asked, items, deployment);
  const bodyFor = (deployment: string | null): Uint8Array =>
    continuedBody(body, turns, ownFor(deployment), deployment);
  const written = Buffer.from(bodyFor(null));
  if (written.length > gateway.limits.bodyBytes) throw new Refusal(gatewayError('body_too_large'));
  const whole = understand(arrival, { key: intent.key }, written);
  const decode = (bytes: Uint8Array) => arrival.dialect.decodeRequest(bytes) as CanonicalRequest;
  const decoded = new Map<string, CanonicalRequest>();
  const canonical = (deployment: string | null): CanonicalRequest => {
    const of = deployment ?? '';
    const request = decoded.get(of) ?? unkept(decode(bodyFor(deployment)));
    decoded.set(of, request);
    return request;
  };
  // Reasoning and ids of the earlier turns are another cloud's: no bytes of theirs may pass.
  const input = ids.length === 0 ? keep?.input : JSON.stringify(ownFor(null));
  const kept = keep === null ? null : { ...keep, input: input! };
  return { ...whole, scan: null, isUnkept: true, canonical, keep: kept };
}

async function turnsOf(
  store: Keeping['store'],
  previous: string,
  key: string,
  bodyBytes: number,
): Promise<readonly StoredResponse[]> {
  const found = await store.conversation(previous, key, bodyBytes);
  if (found.type === 'whole') return found.turns;
  if (found.type === 'missing') throw new Refusal(notFound(previous, found.id));
  const detail = `With its earlier turns it is over ${bodyBytes} bytes.`;
  throw new Refusal(gatewayError('body_too_large', detail, 'previous_response_id'));
}

/** Each is read from an answer of its own: more would keep the ledger waiting. */
const maxReferences = 1_000;

/** Throws Refusal (400) for an item that is not known. */
async function itemsOf(
  store: Keeping['store'],
  ids: readonly string[],
  key: string,
): Promise<ReadonlyMap<string, KeptItem>> {
  if (ids.length > maxReferences) {
    const detail = `It refers to more than ${maxReferences} items.`;
    throw new Refusal(gatewayError('body_too_large', detail, 'input'));
  }
  const known = new Map<string, KeptItem>();
  for (const [place, item] of (await store.items(ids, key)).entries()) {
    const id = ids[place]!;
    if (item === null) throw new Refusal(itemNotFound(id));
    known.set(id, item);
  }
  return known;
}

function itemNotFound(id: string): CanonicalError {
  const named = JSON.stringify(id.slice(0, 80)).slice(1, -1);
  const error = gatewayError('item_not_found', undefined, 'input');
  return { ...error, message: `Item with id '${named}' not found.` };
}

/** In openai's words, whose clients know them. */
function notFound(previous: string, missing: string): CanonicalError {
  const named = JSON.stringify(missing.slice(0, 80)).slice(1, -1);
  const turn = previous === missing ? '' : ' It is an earlier turn of the one asked for.';
  return {
    ...gatewayError('previous_response_not_found', undefined, 'previous_response_id'),
    message: `Previous response with id '${named}' not found.${turn}`,
  };
}
