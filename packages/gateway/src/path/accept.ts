// Step 1: the head of a request becomes an Arrival. The endpoint gives the dialect, the key gives
// the principal, and both are known before a byte of the body is read.

import type { PathFields, WholeDialect } from '@entrepot/dialects/dialect';
import type { Endpoint, Framing, Opened } from '../endpoints.ts';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import { HeldBytes } from '../held-bytes.ts';
import type { BodyTaker, Inbound } from '../inbound/inbound.ts';
import type { Principal } from '../keys.ts';

export interface Arrival {
  readonly requestId: string;
  /** Unix ms, for the record. */
  readonly receivedAtMs: number;
  /** Clock.nowMs(), for durations. */
  readonly startedMs: number;
  readonly dialect: WholeDialect;
  /** What the path says of the request, in dialects where the body does not. */
  readonly path: PathFields | undefined;
  /** null where a stream goes as its dialect has it. */
  readonly framing: Framing | null;
  /** The betas of anthropic's API that are asked for; null for none. */
  readonly betas: string | null;
  /** What goes to the upstream beside the body: names and values in turn. Absent: nothing. */
  readonly headers?: readonly string[];
  readonly inbound: Inbound;
}

/** Makes the Arrival of a request to an inference endpoint. Throws nothing. */
export function arrive(gateway: Gateway, endpoint: Endpoint, inbound: Inbound): Arrival {
  return {
    requestId: gateway.requestIds.next(),
    receivedAtMs: gateway.clock.unixMs(),
    startedMs: gateway.clock.nowMs(),
    dialect: endpoint.dialect,
    path: endpoint.path,
    framing: endpoint.framing,
    betas: inbound.headers['anthropic-beta'] ?? null,
    inbound,
  };
}

/** The Arrival of a request whose body was opened. */
export function arriveAs(arrival: Arrival, opened: Opened): Arrival {
  const { body: _, betas, ...found } = opened;
  return { ...arrival, ...found, betas: betas ?? arrival.betas };
}

/** Who calls. Throws a Refusal (401, 400) before the body is read. */
export function authenticate(gateway: Gateway, arrival: Arrival): Principal {
  const { headers } = arrival.inbound;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal(gatewayError('encoded_body'));
  }
  if (gateway.draining) throw new Refusal(gatewayError('draining'));
  return gateway.keys.principal(headers);
}

/** The whole body, at most `limitBytes`. Rejects with a Refusal (413, 400). */
export function readBody({ inbound }: Arrival, limitBytes: number): Promise<Buffer> {
  const declared = Number(inbound.headers['content-length'] ?? 0);
  if (declared > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    inbound.readBody(new WholeBody(limitBytes, resolve, reject));
  });
}

class WholeBody implements BodyTaker {
  readonly #held = new HeldBytes();
  readonly #limitBytes: number;
  readonly #resolve: (body: Buffer) => void;
  readonly #reject: (cause: Refusal) => void;
  #isTooLarge = false;

  constructor(
    limitBytes: number,
    resolve: (body: Buffer) => void,
    reject: (cause: Refusal) => void,
  ) {
    this.#limitBytes = limitBytes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  piece(bytes: Buffer): void {
    if (this.#isTooLarge) return;
    this.#held.add(bytes);
    if (this.#held.length <= this.#limitBytes) return;
    this.#isTooLarge = true;
    this.#held.take();
    this.#reject(tooLarge(this.#limitBytes));
  }

  end(): void {
    if (!this.#isTooLarge) this.#resolve(this.#held.take(true));
  }

  broken(): void {
    this.#reject(new Refusal(gatewayError('body_incomplete')));
  }
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal(gatewayError('body_too_large', `The limit is ${limitBytes} bytes.`));
}
