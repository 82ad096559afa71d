// What a request of Responses says of keeping answers becomes what the gateway does: refuse it,
// write the earlier turns out before it, tell the upstream to keep nothing, keep the answer.

import { randomBytes } from 'node:crypto';
import type { CanonicalError, CanonicalRequest } from '@entrepot/dialects/canonical';
import { continuedBody } from '@entrepot/dialects/openai-responses/earlier-turns';
import {
  inputText,
  type KeepingWish,
  readKeepingWish,
} from '@entrepot/dialects/openai-responses/keeping-wish';
import type { AnswerMark } from '@entrepot/dialects/openai-responses/kept-answer';
import { unkept } from '@entrepot/dialects/openai-responses/unkept';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
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
  if (responses.mode === 'none') refuseAll(wish);
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
  if (wish.previous === null || responses.mode !== 'gateway') return understood;
  return continued(gateway, responses.store, arrival, understood, wish.previous);
}

function refuseAll({ store, previous }: KeepingWish): void {
  if (store === true) throw new Refusal(gatewayError('nothing_kept', undefined, 'store'));
  if (previous !== null) {
    throw new Refusal(gatewayError('nothing_kept', undefined, 'previous_response_id'));
  }
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
  if (!isKept && previous === null) return understood;
  const id = isKept ? `resp_${randomBytes(24).toString('hex')}` : null;
  const mark: AnswerMark = { id, previous, store: isKept };
  const input = isKept ? inputText(understood.body, understood.scan) : '';
  const marked: Understood = { ...withoutKeeping(understood), keep: { mark, input } };
  if (previous === null) return marked;
  return continued(gateway, store, arrival, marked, previous);
}

/** The request with its earlier turns written out, for whichever deployment it goes to. */
async function continued(
  gateway: Gateway,
  store: Keeping['store'],
  arrival: Arrival,
  understood: Understood,
  previous: string,
): Promise<Understood> {
  const { body, intent, keep } = understood;
  const { bodyBytes } = gateway.limits;
  const found = await store.conversation(previous, intent.key, bodyBytes);
  if (found.type === 'missing') throw new Refusal(notFound(previous, found.id));
  if (found.type === 'too-long') {
    const detail = `With its earlier turns it is over ${bodyBytes} bytes.`;
    throw new Refusal(gatewayError('body_too_large', detail, 'previous_response_id'));
  }
  const bodyFor = (deployment: string | null): Uint8Array =>
    continuedBody(body, found.turns, deployment);
  const whole = understand(arrival, { key: intent.key }, Buffer.from(bodyFor(null)));
  const decode = (bytes: Uint8Array) => arrival.dialect.decodeRequest(bytes) as CanonicalRequest;
  const decoded = new Map<string, CanonicalRequest>();
  const canonical = (deployment: string | null): CanonicalRequest => {
    const of = deployment ?? '';
    const request = decoded.get(of) ?? unkept(decode(bodyFor(deployment)));
    decoded.set(of, request);
    return request;
  };
  // Reasoning and ids of the earlier turns are another cloud's: no bytes of theirs may pass.
  return { ...whole, scan: null, isUnkept: true, canonical, keep };
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
