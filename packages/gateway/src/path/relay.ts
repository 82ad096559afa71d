// Step 6: the answer goes to the caller: bytes as they are where both sides speak the same dialect,
// re-encoded where not, at the pace at which the caller reads. A stream that breaks ends with the
// dialect's own error event and never with the terminator of a whole answer.

import type { Usage } from '@entrepot/dialects/canonical';
import { DialectError, streaming } from '@entrepot/dialects/dialect';
import { answerHead } from '../answer-head.ts';
import type { Framing } from '../endpoints.ts';
import { gatewayError, scrub } from '../errors.ts';
import { type Fault, fault } from '../failures.ts';
import type { Ended, Sink } from '../flow.ts';
import type { StreamReader } from '../stream-reader.ts';
import type { Arrival } from './accept.ts';
import type { Trail, Won } from './attempt.ts';

/** What the caller got. */
export interface Relayed {
  readonly outcome: 'ok' | 'truncated' | 'client_closed' | 'failed';
  readonly status: number;
  readonly usage: Usage | null;
  /** What broke the answer, when it broke. */
  readonly fault: Fault | null;
  readonly lost: readonly string[];
}

export function relay(arrival: Arrival, won: Won, trail: Trail): Promise<Relayed> {
  return won.began.type === 'whole'
    ? relayWhole(arrival, won, trail, won.began.body)
    : relayStream(arrival, won, trail);
}

/** Never rejects for an answer that cannot be read: that is a fault of the upstream. */
async function relayWhole(
  arrival: Arrival,
  won: Won,
  trail: Trail,
  body: Buffer,
): Promise<Relayed> {
  const { outgoing, context, exchange } = won;
  const { caller, dialect } = arrival;
  try {
    let bytes: Uint8Array = body;
    let usage: Usage | null;
    let lost = outgoing.lost;
    if (outgoing.sameDialect) usage = dialect.readUsage(body, exchange.headers).usage;
    else {
      const response = outgoing.dialect.decodeResponse(body, exchange.headers, context);
      const encoded = dialect.encodeResponse(response, context);
      bytes = encoded.body;
      usage = response.usage;
      lost = [...lost, ...encoded.losses.map(loss => dialect.fieldName(loss.field))];
    }
    if (won.kept !== null) bytes = await won.kept.whole(bytes);
    bytes = arrival.framing?.whole?.(bytes) ?? bytes;
    const head = answerHead(arrival, won, trail, 'application/json', lost);
    head.push('content-length', String(bytes.length));
    caller.response.writeHead(200, head).end(bytes);
    const outcome = caller.gone ? 'client_closed' : 'ok';
    return { outcome, status: 200, usage, fault: null, lost };
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    const broken = faultInside(arrival, won, cause);
    return { outcome: 'failed', status: 502, usage: null, fault: broken, lost: [] };
  }
}

/** An error that came with status 200 keeps its class; what cannot be read is no answer. */
function faultInside(arrival: Arrival, won: Won, { error, message }: DialectError): Fault {
  if (error.class === 'upstream') {
    return fault('protocol', gatewayError('upstream_protocol', message), 200);
  }
  const { cloud } = won.upstream;
  const failure = cloud.classify(200, won.exchange.headers, error, arrival.receivedAtMs);
  return { failure, error, status: 200 };
}

async function relayStream(arrival: Arrival, won: Won, trail: Trail): Promise<Relayed> {
  const { exchange, outgoing } = won;
  const { caller, dialect, framing } = arrival;
  const reader = won.reader!;
  const { response } = caller;
  caller.onDrain = () => exchange.resume();
  const contentType = framing?.contentType ?? streaming(dialect).streamContentType;
  response.writeHead(200, answerHead(arrival, won, trail, contentType, outgoing.lost));
  const { kept } = won;
  const framed = framing?.begin() ?? null;
  const write = (bytes: Uint8Array): boolean =>
    response.write(kept?.push(bytes) ?? framed?.push(bytes) ?? bytes);
  const sink: Sink = { write };
  const ended = await exchange.flow(sink);
  const usage = usageAt(ended, reader.usage);
  const lost = [...outgoing.lost, ...reader.lost];
  if (kept !== null && ended.type === 'complete') response.write(await kept.end());
  return { status: 200, usage, lost, ...finish(arrival, reader, ended, framed) };
}

/**
 * What an upstream counts while it answers is the least that it will bill, and not its last word.
 */
function usageAt({ type }: Ended, usage: Usage | null): Usage | null {
  return usage === null || type === 'complete' ? usage : { ...usage, source: 'estimated' };
}

function finish(
  arrival: Arrival,
  reader: StreamReader,
  ended: Ended,
  framed: ReturnType<Framing['begin']> | null,
): Pick<Relayed, 'outcome' | 'fault'> {
  const { response } = arrival.caller;
  switch (ended.type) {
    case 'complete':
      response.end(framed?.end());
      return { outcome: 'ok', fault: null };
    case 'gone':
      response.destroy();
      return { outcome: 'client_closed', fault: null };
    case 'broken': {
      const { error } = ended.fault;
      const shown = { ...error, message: scrub(error.message) };
      const own = arrival.framing?.fail?.(shown);
      const last = own ?? reader.breakOff(shown);
      if (framed === null || own !== undefined) response.end(last);
      else {
        response.write(framed.push(last));
        response.end(framed.end());
      }
      return { outcome: 'truncated', fault: ended.fault };
    }
  }
}
