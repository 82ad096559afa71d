// Step 4: the dearest candidate's price is reserved in the ledger. In durable mode the reservation
// is on disk before anything is sent, so that a crash can lose no request that reached an upstream.
// Rate limits and budgets will take their debits here; refused here means nothing was sent.

import type { Choice } from '@entrepot/engine/choice';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Reservation } from '../ledger/entry.ts';
import type { Arrival } from './accept.ts';

/** Throws a Refusal (503) when the ledger cannot take the reservation. */
export async function admit(
  gateway: Gateway,
  arrival: Arrival,
  choice: Choice,
): Promise<Reservation> {
  const { intent } = choice;
  const reservation: Reservation = {
    requestId: arrival.requestId,
    startedAtMs: arrival.receivedAtMs,
    key: intent.key,
    route: intent.route,
    dialect: intent.dialect,
    stream: intent.stream,
    reservedNanoUsd: dearest(gateway, choice),
  };
  try {
    await gateway.ledger.reserve(reservation);
  } catch (cause) {
    gateway.log.error({ err: cause, requestId: arrival.requestId }, 'ledger refused a reservation');
    throw new Refusal(gatewayError('ledger_unavailable'));
  }
  return reservation;
}

/** The most that any candidate can cost; null when the price of one is unknown. */
function dearest(gateway: Gateway, choice: Choice): number | null {
  let most = 0;
  for (const { deployment } of choice.candidates) {
    const { nanoUsd } = gateway.engine.estimate(choice.intent, deployment.id);
    if (nanoUsd === null) return null;
    if (nanoUsd > most) most = nanoUsd;
  }
  return most;
}
