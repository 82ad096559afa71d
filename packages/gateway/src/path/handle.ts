// The way of a request: seven steps, in this order. Whatever happens between admission and the end,
// it is settled once.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import { DialectError } from '@entrepot/dialects/dialect';
import { answerError } from '../answer-error.ts';
import type { Endpoint } from '../endpoints.ts';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import { release } from '../held-bytes.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { Principal } from '../keys.ts';
import type { Reservation } from '../ledger/entry.ts';
import { keep } from '../responses/keep.ts';
import { type Arrival, arrive, arriveAs, authenticate, readBody } from './accept.ts';
import { admit } from './admit.ts';
import { attempt, type Trail } from './attempt.ts';
import { choose } from './choose.ts';
import { relay } from './relay.ts';
import { settleAnswered, settleUnanswered } from './settle.ts';
import { type Understood, understand } from './understand.ts';

/** Serves one inference request from its head to its settlement. Never rejects. */
export async function handle(
  gateway: Gateway,
  endpoint: Endpoint,
  inbound: Inbound,
): Promise<void> {
  let arrival = arrive(gateway, endpoint, inbound);
  let principal: Principal | null = null;
  let understood: Understood | null = null;
  try {
    principal = authenticate(gateway, arrival);
    if (endpoint.refused !== null) throw new Refusal(gatewayError(endpoint.refused));
    let body = await readBody(arrival, gateway.limits.bodyBytes);
    if (endpoint.open !== null) {
      const opened = endpoint.open(body, inbound.headers);
      arrival = arriveAs(arrival, opened);
      body = opened.body;
    }
    understood = understand(arrival, principal, body);
    const asked = keep(gateway, arrival, understood);
    understood = asked instanceof Promise ? await asked : asked;
    const choice = choose(gateway, understood);
    const reservation = await admit(gateway, arrival, choice);
    await serve(gateway, arrival, understood, choice, reservation);
  } catch (cause) {
    refuse(gateway, arrival, principal, understood, cause);
  }
}

async function serve(
  gateway: Gateway,
  arrival: Arrival,
  understood: Understood,
  choice: ReturnType<typeof choose>,
  reservation: Reservation,
): Promise<void> {
  const trail: Trail = { records: [], tried: [], elsewhereMs: 0 };
  try {
    const result = await attempt(gateway, arrival, understood, choice, trail);
    if (result.type === 'won') {
      const relaying = relay(arrival, result, trail);
      const relayed = relaying instanceof Promise ? await relaying : relaying;
      settleAnswered(gateway, arrival, reservation, result, relayed, trail);
      // Where time went elsewhere, another call may still be sending the same bytes.
      if (result.exchange.isSent && trail.elsewhereMs === 0) release(understood.body);
    } else if (result.type === 'lost') fail(gateway, arrival, reservation, result.error, trail);
    else {
      const end = { outcome: 'client_closed', status: 499, error: null } as const;
      settleUnanswered(gateway, arrival, reservation, end, trail);
    }
  } catch (cause) {
    gateway.log.error({ err: cause, requestId: arrival.requestId }, 'a request failed inside');
    fail(gateway, arrival, reservation, gatewayError('internal'), trail);
  }
}

function fail(
  gateway: Gateway,
  arrival: Arrival,
  reservation: Reservation,
  error: CanonicalError,
  trail: Trail,
): void {
  const status = answerError(arrival, error, {
    attempts: trail.records.length,
    offer: trail.records.at(-1)?.offer ?? null,
  });
  const end = { outcome: 'failed', status, error: error.code ?? error.class } as const;
  settleUnanswered(gateway, arrival, reservation, end, trail);
}

/** Refused before anything was sent. Recorded for callers that are known, counted for all. */
function refuse(
  gateway: Gateway,
  arrival: Arrival,
  principal: Principal | null,
  understood: Understood | null,
  cause: unknown,
): void {
  const error = refusalError(gateway, arrival, cause);
  const status = answerError(arrival, error, { attempts: 0, offer: null });
  if (principal === null) {
    gateway.metrics.unauthenticated(status);
    return;
  }
  const reservation: Reservation = {
    requestId: arrival.requestId,
    startedAtMs: arrival.receivedAtMs,
    key: principal.key,
    route: gateway.routes.get(understood?.intent.route ?? '')?.route.name ?? 'unknown',
    dialect: arrival.dialect.name,
    stream: understood?.intent.stream ?? false,
    reservedNanoUsd: 0,
  };
  const outcome = arrival.inbound.gone ? 'client_closed' : 'refused';
  const end = { outcome, status, error: error.code ?? error.class } as const;
  settleUnanswered(gateway, arrival, reservation, end, { records: [], tried: [], elsewhereMs: 0 });
}

function refusalError(gateway: Gateway, arrival: Arrival, cause: unknown): CanonicalError {
  if (cause instanceof Refusal || cause instanceof DialectError) return cause.error;
  gateway.log.error({ err: cause, requestId: arrival.requestId }, 'a request failed inside');
  return gatewayError('internal');
}
