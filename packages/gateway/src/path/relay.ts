// Step 6: the answer goes to the caller: bytes as they are where both sides speak the same dialect,
// re-encoded where not, at the pace at which the caller reads. A stream that breaks ends with the
// dialect's own error event and never with the terminator of a whole answer.

import type { Usage } from '@entrepot/dialects/canonical';
import { streaming } from '@entrepot/dialects/dialect';
import { answerHead } from '../answer-head.ts';
import type { Framing } from '../endpoints.ts';
import { scrub } from '../errors.ts';
import type { Fault } from '../failures.ts';
import type { Ended, Sink } from '../flow.ts';
import type { StreamReader } from '../stream-reader.ts';
import type { WholeAnswer } from '../whole-answer.ts';
import type { Arrival } from './accept.ts';
import type { Trail, Won } from './attempt.ts';

/** What the caller got. */
export interface Relayed {
  readonly outcome: 'ok' | 'truncated' | 'client_closed';
  readonly status: number;
  readonly usage: Usage | null;
  /** What broke the answer, when it broke. */
  readonly fault: Fault | null;
  readonly lost: readonly string[];
}

export function relay(arrival: Arrival, won: Won, trail: Trail): Relayed | Promise<Relayed> {
  return won.answer === null
    ? relayStream(arrival, won, trail)
    : relayWhole(arrival, won, trail, won.answer);
}

function relayWhole(
  arrival: Arrival,
  won: Won,
  trail: Trail,
  answer: WholeAnswer,
): Relayed | Promise<Relayed> {
  const { bytes } = answer;
  if (won.kept === null) return sendWhole(arrival, won, trail, answer, bytes);
  return won.kept.whole(bytes).then(kept => sendWhole(arrival, won, trail, answer, kept));
}

function sendWhole(
  arrival: Arrival,
  won: Won,
  trail: Trail,
  answer: WholeAnswer,
  whole: Uint8Array,
): Relayed {
  const { inbound, framing } = arrival;
  const lost = [...won.outgoing.lost, ...answer.lost];
  const bytes = framing?.whole?.(whole) ?? whole;
  const outcome = inbound.gone ? 'client_closed' : 'ok';
  inbound.send(200, answerHead(arrival, won, trail, 'application/json', lost), bytes);
  return { outcome, status: 200, usage: answer.usage, fault: null, lost };
}

async function relayStream(arrival: Arrival, won: Won, trail: Trail): Promise<Relayed> {
  const { exchange, outgoing } = won;
  const { inbound, dialect, framing } = arrival;
  const reader = won.reader!;
  inbound.onDrain = () => exchange.resume();
  const contentType = framing?.contentType ?? streaming(dialect).streamContentType;
  inbound.begin(200, answerHead(arrival, won, trail, contentType, outgoing.lost));
  const { kept } = won;
  const framed = framing?.begin() ?? null;
  const write = (bytes: Uint8Array): boolean =>
    inbound.write(kept?.push(bytes) ?? framed?.push(bytes) ?? bytes);
  const sink: Sink = { write };
  const ended = await exchange.flow(sink);
  const usage = usageAt(ended, reader.usage);
  const lost = [...outgoing.lost, ...reader.lost];
  if (kept !== null && ended.type === 'complete') inbound.write(await kept.end());
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
  const { inbound } = arrival;
  switch (ended.type) {
    case 'complete':
      inbound.end(framed?.end());
      return { outcome: 'ok', fault: null };
    case 'gone':
      inbound.cutOff();
      return { outcome: 'client_closed', fault: null };
    case 'broken': {
      const { error } = ended.fault;
      const shown = { ...error, message: scrub(error.message) };
      const own = arrival.framing?.fail?.(shown);
      const last = own ?? reader.breakOff(shown);
      if (framed === null || own !== undefined) inbound.end(last);
      else {
        inbound.write(framed.push(last));
        inbound.end(framed.end());
      }
      return { outcome: 'truncated', fault: ended.fault };
    }
  }
}
