// Step 1: the head of a request becomes an Arrival. The endpoint gives the dialect, the key gives
// the principal, and both are known before a byte of the body is read.

import type { IncomingMessage } from 'node:http';
import type { PathFields, WholeDialect } from '@entrepot/dialects/dialect';
import type { Caller } from '../caller.ts';
import type { Endpoint, Framing, Opened } from '../endpoints.ts';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import { HeldBytes } from '../held-bytes.ts';
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
  readonly caller: Caller;
  readonly request: IncomingMessage;
}

/** Makes the Arrival of a request to an inference endpoint. Throws nothing. */
export function arrive(
  gateway: Gateway,
  endpoint: Endpoint,
  request: IncomingMessage,
  caller: Caller,
): Arrival {
  const betas = request.headers['anthropic-beta'];
  return {
    requestId: gateway.requestIds.next(),
    receivedAtMs: gateway.clock.unixMs(),
    startedMs: gateway.clock.nowMs(),
    dialect: endpoint.dialect,
    path: endpoint.path,
    framing: endpoint.framing,
    betas: typeof betas === 'string' ? betas : null,
    caller,
    request,
  };
}

/** The Arrival of a request whose body was opened. */
export function arriveAs(arrival: Arrival, opened: Opened): Arrival {
  const { body: _, betas, ...found } = opened;
  return { ...arrival, ...found, betas: betas ?? arrival.betas };
}

/** Who calls. Throws a Refusal (401, 400) before the body is read. */
export function authenticate(gateway: Gateway, arrival: Arrival): Principal {
  const { headers, rawHeaders } = arrival.request;
  if (hasTwoHosts(rawHeaders)) throw new Refusal(gatewayError('bad_head'));
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal(gatewayError('encoded_body'));
  }
  if (gateway.draining) throw new Refusal(gatewayError('draining'));
  return gateway.keys.principal(headers);
}

/** The whole body, at most `limitBytes`. Throws a Refusal (413, 400). */
export function readBody(arrival: Arrival, limitBytes: number): Promise<Buffer> {
  const { request } = arrival;
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const held = new HeldBytes();
    request.on('data', (chunk: Buffer) => {
      held.add(chunk);
      if (held.length <= limitBytes) return;
      request.removeAllListeners('data');
      reject(tooLarge(limitBytes));
    });
    const breakOff = (): void => reject(new Refusal(gatewayError('body_incomplete')));
    request.on('end', () => {
      // HTTP/2 ends the body of a stream that was reset, too.
      if (request.aborted) breakOff();
      else resolve(held.take(true));
    });
    request.on('error', breakOff);
    request.on('close', () => {
      if (!request.readableEnded) breakOff();
    });
  });
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal(gatewayError('body_too_large', `The limit is ${limitBytes} bytes.`));
}

/** Node takes the first of two Host headers; a proxy before us may take the second. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}
