// Step 5: candidates are called, one after another, until one begins to answer. The engine says
// which and how long; here it is only done. Failover is possible as long as nothing has gone to the
// caller, and nothing goes to the caller before content has come.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import { type AnswerContext, streaming } from '@entrepot/dialects/dialect';
import type { Choice, Step } from '@entrepot/engine/choice';
import type { Attempted, Failure } from '@entrepot/engine/outcome';
import { toMicroseconds } from '../clock.ts';
import type { Call } from '../clouds/cloud.ts';
import { dialectOf } from '../dialects.ts';
import { gatewayError, scrub } from '../errors.ts';
import { Exchange } from '../exchange.ts';
import { type Fault, fault } from '../failures.ts';
import type { Began, Failed } from '../flow.ts';
import type { Gateway } from '../gateway.ts';
import type { AttemptRecord } from '../ledger/entry.ts';
import { type Outgoing, outgoing } from '../outgoing.ts';
import { isRenewed } from '../refused-credential.ts';
import { KeptAnswer } from '../responses/kept-answer.ts';
import { PassReader, type StreamReader, TranslatingReader } from '../stream-reader.ts';
import { UnframingReader } from '../unframing-reader.ts';
import type { Upstream } from '../upstream.ts';
import { readWhole, type WholeAnswer } from '../whole-answer.ts';
import type { Arrival } from './accept.ts';
import type { Understood } from './understand.ts';

/** An upstream that answers. */
export interface Won {
  readonly type: 'won';
  readonly upstream: Upstream;
  readonly outgoing: Outgoing;
  readonly exchange: Exchange;
  readonly reader: StreamReader | null;
  /** null where it is a stream, which has begun. */
  readonly answer: WholeAnswer | null;
  /** null where the answer goes to the caller as it is. */
  readonly kept: KeptAnswer | null;
  /** The route has no other deployment. */
  readonly isAlone: boolean;
}
/** No upstream answered; `error` is what the caller is told. */
export interface Lost {
  readonly type: 'lost';
  readonly error: CanonicalError;
}
export interface Gone {
  readonly type: 'gone';
}

/** What is known of the attempts so far; grows by one record per attempt. */
export interface Trail {
  readonly records: AttemptRecord[];
  readonly tried: Attempted[];
  /** Time spent on upstreams that failed and on waiting, in ms. */
  elsewhereMs: number;
}

export async function attempt(
  gateway: Gateway,
  arrival: Arrival,
  understood: Understood,
  choice: Choice,
  trail: Trail,
): Promise<Won | Lost | Gone> {
  let last: Fault | null = null;
  for (;;) {
    if (arrival.inbound.gone) return { type: 'gone' };
    const step = gateway.engine.next(choice, trail.tried, gateway.clock.nowMs(), gateway.random);
    if (step.type === 'give-up') return { type: 'lost', error: finalError(last, step.because) };
    if (step.type === 'wait') {
      await waitUntil(gateway, arrival, step.untilMs, trail);
      continue;
    }
    const result = await tryOne(gateway, arrival, understood, choice, step, trail);
    if (result.type !== 'failed') return result;
    last = result.fault;
    const endedAtMs = gateway.clock.nowMs();
    trail.tried.push({ deployment: step.deployment.id, failure: last.failure, endedAtMs });
  }
}

type Try = Extract<Step, { type: 'try' }>;

async function tryOne(
  gateway: Gateway,
  arrival: Arrival,
  understood: Understood,
  choice: Choice,
  step: Try,
  trail: Trail,
  isAgain = false,
): Promise<Won | Gone | Failed> {
  const upstream = gateway.upstream(step.deployment.id);
  const { losses } = gateway.routes.get(choice.route.name)!;
  const out = outgoing(arrival, understood, upstream, losses);
  if ('failure' in out) return { type: 'failed', fault: out };
  const { stream } = understood.intent;
  const context = answerContext(arrival, understood, upstream, out);
  const reader = stream ? readerFor(arrival, out, context) : null;
  if (!isAgain) gateway.engine.begin(upstream.id, gateway.clock.nowMs());
  const signed = authorized(gateway, upstream, out, stream);
  const call = signed instanceof Promise ? await signed : signed;
  const { engine, clock, sweep } = gateway;
  const exchange = new Exchange(engine, upstream, step.deadlines, reader, clock, sweep);
  arrival.inbound.onGone = () => exchange.abandon();
  const began: Began =
    'failure' in call ? { type: 'failed', fault: call } : await exchange.begin(call);
  const read =
    began.type !== 'whole'
      ? began
      : began.status === 200
        ? readWhole(arrival, upstream, out, exchange, began.body, context, clock.unixMs())
        : refusedBy(gateway, upstream, out, exchange, began);
  if (read.type === 'streaming' || read.type === 'answer') {
    const { keep } = understood;
    const kept =
      keep === null ? null : new KeptAnswer(gateway, arrival, understood, keep, upstream.id);
    const isAlone = choice.route.deployments.length === 1;
    const answer = read.type === 'answer' ? read : null;
    return { type: 'won', upstream, outgoing: out, exchange, reader, answer, kept, isAlone };
  }
  trail.elsewhereMs += gateway.clock.nowMs() - exchange.startedMs;
  if (!isAgain && read.type === 'failed' && isRenewed(call, read.fault, clock.unixMs())) {
    return tryOne(gateway, arrival, understood, choice, step, trail, true);
  }
  const failure: Failure =
    read.type === 'failed' ? read.fault.failure : { kind: 'client-closed', retryAfterMs: null };
  noteFailure(gateway, arrival, upstream, exchange, failure, trail);
  return read;
}

/** The call with its credential, at once where it is static; or the Fault when there is none. */
function authorized(
  gateway: Gateway,
  upstream: Upstream,
  out: Outgoing,
  stream: boolean,
): Call | Fault | Promise<Call | Fault> {
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity'];
  if (out.betas !== null) headers.push('anthropic-beta', out.betas);
  if (out.headers !== undefined) headers.push(...out.headers);
  const address = upstream.address(out.dialect.name, stream);
  const call: Call = { ...address, method: 'POST', headers, body: out.body };
  const failed = (cause: unknown): Fault => {
    gateway.log.error({ err: cause, deployment: upstream.id }, 'no credential for an upstream');
    return fault('auth', gatewayError('upstream_auth_error'), null);
  };
  try {
    const signed = upstream.cloud.authorize(call, upstream.target, gateway.clock.unixMs());
    return signed instanceof Promise ? signed.catch(failed) : signed;
  } catch (cause) {
    return failed(cause);
  }
}

/** An answer that is not a success, in the upstream's own words. */
function refusedBy(
  gateway: Gateway,
  upstream: Upstream,
  out: Outgoing,
  exchange: Exchange,
  began: Extract<Began, { type: 'whole' }>,
): Failed {
  const { status, body } = began;
  if (status < 400) {
    const error = gatewayError('upstream_protocol', `It answered with status ${status}.`);
    return { type: 'failed', fault: fault('protocol', error, status) };
  }
  const refusals = out.carriage?.refusals ?? null;
  const words = refusals === null ? out.dialect : dialectOf(refusals);
  const error = words.decodeError(status, exchange.headers, body);
  const nowMs = gateway.clock.unixMs();
  const failure = upstream.cloud.classify(status, exchange.headers, error, nowMs);
  return { type: 'failed', fault: { failure, error, status } };
}

function noteFailure(
  gateway: Gateway,
  arrival: Arrival,
  upstream: Upstream,
  exchange: Exchange,
  failure: Failure,
  trail: Trail,
): void {
  const now = gateway.clock.nowMs();
  const totalMs = now - exchange.startedMs;
  const deployment = upstream.id;
  const { operation } = arrival.dialect;
  const outcome = { deployment, operation, failure, ttftMs: null, totalMs, outputTokens: null };
  gateway.engine.observe(outcome, now);
  trail.records.push(attemptRecord(arrival, upstream, exchange, failure, totalMs, trail));
}

/** The ledger's record of one attempt that is over. */
export function attemptRecord(
  arrival: Arrival,
  upstream: Upstream,
  exchange: Exchange,
  failure: Failure | null,
  totalMs: number,
  trail: Trail,
): AttemptRecord {
  const { deployment } = upstream.target;
  const idHeader = upstream.cloud.requestIdHeader;
  return {
    n: trail.records.length + 1,
    deployment: deployment.id,
    offer: deployment.offer.id,
    cloud: deployment.offer.cloud,
    model: deployment.offer.model,
    failure: failure?.kind ?? null,
    status: exchange.status,
    upstreamRequestId: idHeader === null ? null : (exchange.headers[idHeader] ?? null),
    startedAtMs: arrival.receivedAtMs + Math.round(exchange.startedMs - arrival.startedMs),
    ttftMs: exchange.ttftMs === null ? null : toMicroseconds(exchange.ttftMs),
    totalMs: toMicroseconds(totalMs),
  };
}

async function waitUntil(
  gateway: Gateway,
  arrival: Arrival,
  untilMs: number,
  trail: Trail,
): Promise<void> {
  const began = gateway.clock.nowMs();
  await gateway.sweep.wait(untilMs - began, cancel => {
    arrival.inbound.onGone = cancel;
  });
  trail.elsewhereMs += gateway.clock.nowMs() - began;
}

function answerContext(
  arrival: Arrival,
  understood: Understood,
  upstream: Upstream,
  out: Outgoing,
): AnswerContext<unknown> {
  return {
    id: arrival.requestId,
    model: upstream.target.modelName,
    createdSeconds: Math.floor(arrival.receivedAtMs / 1000),
    includeUsage: understood.includeUsage,
    // What passes through is not decoded; what is translated has been.
    ...(out.sameDialect ? {} : { request: understood.canonical(upstream.id) }),
  };
}

function readerFor(arrival: Arrival, out: Outgoing, context: AnswerContext<unknown>): StreamReader {
  const upstream = streaming(out.dialect);
  const reader = out.sameDialect
    ? new PassReader(upstream, out.hideUsage)
    : new TranslatingReader(upstream, streaming(arrival.dialect), context as AnswerContext);
  const unframer = out.carriage?.unframer ?? null;
  return unframer === null ? reader : new UnframingReader(unframer(), reader);
}

/** What the caller is told when all is lost: the last upstream's words, or the gateway's own. */
function finalError(last: Fault | null, because: string): CanonicalError {
  return last === null ? gatewayError('upstream_unreachable', because) : toldError(last);
}

/** What the caller is told of a fault. */
function toldError({ error, failure }: Fault): CanonicalError {
  // A 401 would make the caller's SDK blame the caller's own key.
  if (failure.kind === 'auth') return gatewayError('upstream_auth_error');
  return { ...error, message: scrub(error.message) };
}
