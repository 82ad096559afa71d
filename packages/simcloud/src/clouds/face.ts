// What makes a simulated cloud that cloud: its paths, credentials, rules, headers, errors and what
// it adds to its dialects. Everything else (answers, latency, quotas, faults) they share.

import type { CanonicalRequest, Usage } from '@entrepot/dialects/canonical';
import type { Dialect, PathFields } from '@entrepot/dialects/dialect';
import type { CloudName } from '../cloud-name.ts';
import type { SimulatedCredentials } from '../credentials.ts';
import type { Errand } from '../errand.ts';
import type { SimulatedModel } from '../model.ts';
import type { QuotaStates } from '../quota.ts';
import type { Random } from '../random.ts';
import type { Refusal, WireRefusal } from '../refusal.ts';

/** A call as it came. Names of headers in lower case. */
export interface WireCall {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** What a known path says: what is spoken there, and what does not stand in the body. */
export interface Route {
  readonly speech: Speech;
  readonly model: string | null;
  readonly path: PathFields | null;
}

/** Facts of one answer that headers and decorations need. */
export interface AnswerFacts {
  readonly requestId: string;
  readonly model: string;
  readonly nowMs: number;
  readonly quota: QuotaStates;
  readonly usage: Usage;
  /** Real time that the answer took to begin. */
  readonly processingMs: number;
}

/** How a cloud speaks one of its dialects. */
export interface Speech {
  readonly dialect: Dialect;
  /** Thinking of openai's models is in the answer, encrypted. */
  readonly encryptsThinking: boolean;
  /** What the cloud refuses although its dialect can say it. */
  check(request: CanonicalRequest, call: WireCall, model: SimulatedModel): Refusal | null;
  responseId(random: Random): string;
  /** The body of a unary answer with what the dialect does not know of. */
  finish(body: Uint8Array, facts: AnswerFacts): Uint8Array;
  /** The same for what one event of a stream made; `isFirst` for the first that made anything. */
  finishEvent(bytes: Uint8Array, isFirst: boolean, facts: AnswerFacts): Uint8Array;
  /** The event that the cloud sends when it fails in the middle of an answer. */
  streamError(): Uint8Array;
  /** Bytes that are no stream of this cloud. */
  brokenStream(): Uint8Array;
  /** Headers of a whole answer besides those of the cloud. */
  headers?(facts: AnswerFacts): Record<string, string>;
  /** Where streams do not go as the dialect has them. */
  readonly framing?: StreamFraming;
  /** Where this side of the cloud tells a refusal in other words than its face. */
  refuse?(refusal: Refusal, requestId: string, nowMs: number): WireRefusal;
}

/** Another form of a stream: bytes of events become bytes of it. */
export interface StreamFraming {
  readonly contentType: string;
  begin(): { push(bytes: Uint8Array): Uint8Array; end(): Uint8Array };
}

export interface Face {
  readonly name: CloudName;
  /** Prompts are cached without being asked to. */
  readonly cachesByItself: boolean;
  readonly callIdPrefix: string;
  readonly serviceTier: string | null;
  readonly largestBodyBytes: number;

  route(method: string, target: string): Route | null;
  /** What is asked there that is no answer; null where nothing of the kind is. */
  errand?(method: string, target: string): Errand | null;
  authenticate(call: WireCall, accepted: SimulatedCredentials, nowMs: number): Refusal | null;
  refuse(refusal: Refusal, requestId: string, nowMs: number): WireRefusal;

  requestId(random: Random): string;
  headers(facts: AnswerFacts): Record<string, string>;
}

export function header(call: WireCall, name: string): string | null {
  return call.headers.find(([n]) => n === name)?.[1] ?? null;
}

/** The token of `authorization: Bearer ...`. */
export function bearer(call: WireCall): string | null {
  return /^Bearer\s+(\S+)$/i.exec(header(call, 'authorization') ?? '')?.[1] ?? null;
}

export function pathOf(target: string): string {
  const at = target.indexOf('?');
  return at === -1 ? target : target.slice(0, at);
}

/** A percent-encoded segment of a path; null when it is encoded wrongly. */
export function decodedSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** Whole seconds, at least one. */
export function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}
