// An answer that came whole, read before anything of it goes to the caller: what is no answer, or
// an error that came with status 200, can still be mended on another deployment.

import type { Usage } from '@entrepot/dialects/canonical';
import { type AnswerContext, DialectError, type HeaderMap } from '@entrepot/dialects/dialect';
import { gatewayError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { type Fault, fault } from './failures.ts';
import type { Failed } from './flow.ts';
import type { Outgoing } from './outgoing.ts';
import type { Arrival } from './path/accept.ts';
import type { Upstream } from './upstream.ts';

export interface WholeAnswer {
  readonly type: 'answer';
  /** In the caller's dialect. */
  readonly bytes: Uint8Array;
  readonly usage: Usage | null;
  /** Fields of the answer that the caller's dialect could not carry, in its words. */
  readonly lost: readonly string[];
}

/** The answer for the caller, or what is wrong with it. `nowMs` is Unix time. */
export function readWhole(
  { dialect }: Pick<Arrival, 'dialect'>,
  upstream: Upstream,
  outgoing: Outgoing,
  { headers }: Exchange,
  body: Buffer,
  context: AnswerContext<unknown>,
  nowMs: number,
): WholeAnswer | Failed {
  try {
    if (outgoing.sameDialect) {
      const { usage } = dialect.readUsage(body, headers);
      return { type: 'answer', bytes: body, usage, lost: [] };
    }
    const answer = outgoing.dialect.decodeResponse(body, headers, context);
    const encoded = dialect.encodeResponse(answer, context);
    const lost = encoded.losses.map(loss => dialect.fieldName(loss.field));
    return { type: 'answer', bytes: encoded.body, usage: answer.usage, lost };
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    return { type: 'failed', fault: faultIn(cause, upstream, headers, nowMs) };
  }
}

/** An error that came with status 200 keeps its class; what cannot be read is no answer. */
function faultIn(
  { error, message }: DialectError,
  { cloud }: Upstream,
  headers: HeaderMap,
  nowMs: number,
): Fault {
  if (error.class === 'upstream') {
    return fault('protocol', gatewayError('upstream_protocol', message), 200);
  }
  return { failure: cloud.classify(200, headers, error, nowMs), error, status: 200 };
}
