// One call of one upstream: its head, its body, its deadlines. Until content
// has come nothing goes to the caller, so that a failure can still be mended elsewhere; afterwards
// bytes flow as they come, at the pace at which the caller takes them.

import { DialectError, type HeaderMap } from '@entrepot/dialects/dialect';
import { lengthOf } from '@entrepot/dialects/pieces';
import type { Deadlines } from '@entrepot/engine/choice';
import type { Engine } from '@entrepot/engine/engine';
import type { Clock } from './clock.ts';
import type { Call } from './clouds/cloud.ts';
import { gatewayError } from './errors.ts';
import { type Fault, fault, transportFault } from './failures.ts';
import type { Began, Ended, Sink } from './flow.ts';
import { HeldBytes } from './held-bytes.ts';
import type { Carried, Connection } from './http1/connection.ts';
import type { StreamReader } from './stream-reader.ts';
import type { Sweep, Watched } from './sweep.ts';
import type { Upstream } from './upstream.ts';

/**
 * A held-back stream that has not begun after this much is not one: streams of Responses say the
 * request again twice before their first word, with more escapes than it had.
 */
const heldSlackBytes = 256 * 1024;
const heldPerRequestByte = 4;
const wholeLimitBytes = 64 * 1024 * 1024;
const errorLimitBytes = 64 * 1024;

export class Exchange implements Carried, Watched {
  connection: Connection | null = null;
  sweepPlace: number | null = null;
  sweepNumber = 0;
  readonly #clock: Clock;
  readonly #sweep: Sweep;
  readonly #engine: Engine;
  readonly #upstream: Upstream;
  readonly #deadlines: Deadlines;
  readonly #reader: StreamReader | null; // null: the answer is not streamed
  #status: number | null = null;
  readonly #held = new HeldBytes();
  #sink: Sink | null = null;
  #began: ((began: Began) => void) | null = null;
  #ended: ((ended: Ended) => void) | null = null;
  #over: Ended | null = null;
  /** The caller is slower than the upstream; a caller that stays so is let go. */
  #paused = false;
  headers: HeaderMap = {};
  /** The whole answer has come, and nothing reads the call's bytes any more. */
  isSent = false;
  readonly startedMs: number;
  ttftMs: number | null = null;
  lastByteMs: number;
  #deadlineMs: number;
  #heldLimitBytes = heldSlackBytes;

  constructor(
    engine: Engine,
    upstream: Upstream,
    deadlines: Deadlines,
    reader: StreamReader | null,
    clock: Clock,
    sweep: Sweep,
  ) {
    this.#engine = engine;
    this.#upstream = upstream;
    this.#deadlines = deadlines;
    this.#reader = reader;
    this.#clock = clock;
    this.#sweep = sweep;
    this.startedMs = clock.nowMs();
    this.lastByteMs = this.startedMs;
    this.#deadlineMs = this.startedMs + deadlines.firstEventMs;
  }

  get status(): number | null {
    return this.#status;
  }

  /** Sends the call. Resolves when content has come or when it is sure that none will. */
  begin(call: Call): Promise<Began> {
    this.#heldLimitBytes += heldPerRequestByte * lengthOf(call.body);
    return new Promise(resolve => {
      this.#began = resolve;
      this.#sweep.add(this);
      this.#upstream.connections(call.origin).dispatch(call, this);
    });
  }

  /** Lets a stream that has begun flow to the caller. Resolves when it is over. */
  flow(sink: Sink): Promise<Ended> {
    return new Promise(resolve => {
      this.#ended = resolve;
      this.#sink = sink;
      this.#forward(this.#held.take());
      if (this.#over !== null) resolve(this.#over);
    });
  }

  /** The caller can take more. */
  resume(): void {
    this.#paused = false;
    this.lastByteMs = this.#clock.nowMs();
    this.#deadlineMs = this.#stallDeadline();
    this.connection?.resume();
  }

  /** The caller is gone: the upstream is let go at once. */
  abandon(): void {
    this.#finish({ type: 'gone' });
  }

  isLate(now: number): boolean {
    return now >= this.#deadlineMs || (this.#began !== null && this.#isLeft(now));
  }

  /** Nothing has come, the circuit has opened since, and a substitute stands ready. */
  #isLeft(now: number): boolean {
    if (!this.#deadlines.leaveWhenOpen) return false;
    return this.#engine.hasOpenedSince(this.#upstream.id, this.startedMs, now);
  }

  expire(): void {
    if (this.#began !== null) {
      this.#finish({ type: 'broken', fault: this.#late('first-byte-timeout') });
    } else if (this.#paused) this.#finish({ type: 'gone' });
    else this.#finish({ type: 'broken', fault: this.#late('stall') });
  }

  /** It is over, before or after it had its turn. */
  get abandoned(): boolean {
    return this.#over !== null;
  }

  onHead(status: number, headers: HeaderMap): void {
    if (this.#over !== null) return;
    this.#status = status;
    this.headers = headers;
    this.lastByteMs = this.#clock.nowMs();
    if (this.#reader === null || status !== 200) this.#deadlineMs = this.#stallDeadline();
    else if (!this.#isStream()) this.#protocolError('It did not answer with a stream.');
  }

  onBody(chunk: Buffer): void {
    if (this.#over !== null) return;
    this.lastByteMs = this.#clock.nowMs();
    if (this.#status !== 200 || this.#reader === null) this.#gather(chunk);
    else this.#read(this.#reader, chunk);
  }

  onEnd(isSent: boolean): void {
    this.isSent = isSent;
    if (this.#over !== null) return;
    this.lastByteMs = this.#clock.nowMs();
    if (this.#status === 200 && this.#reader !== null) this.#readEnd(this.#reader);
    else this.#whole();
  }

  onError(cause: Error): void {
    this.#finish({ type: 'broken', fault: transportFault(cause, this.#status) });
  }

  /** A page of HTML with status 200, or an answer that ignores `stream`, is no stream. */
  #isStream(): boolean {
    return /^(text\/event-stream|application\/vnd\.amazon\.eventstream)/i.test(
      this.headers['content-type'] ?? '',
    );
  }

  /** A body that is read as a whole: an answer that is not streamed, or an error. */
  #gather(chunk: Buffer): void {
    this.#held.add(chunk);
    const limit = this.#status === 200 ? wholeLimitBytes : errorLimitBytes;
    if (this.#held.length > limit) this.#protocolError(`Its answer is over ${limit} bytes.`);
    this.#deadlineMs = this.#stallDeadline();
  }

  #whole(): void {
    this.ttftMs = this.lastByteMs - this.startedMs;
    this.#over = { type: 'complete' };
    this.#sweep.remove(this);
    this.#settleBegan({ type: 'whole', status: this.#status ?? 0, body: this.#held.take() });
  }

  #read(reader: StreamReader, chunk: Buffer): void {
    let bytes: Uint8Array;
    try {
      bytes = reader.push(chunk);
    } catch (cause) {
      this.#badBytes(cause);
      return;
    }
    this.#deadlineMs = this.#began === null ? this.#stallDeadline() : this.#deadlineMs;
    if (this.#sink === null) this.#hold(reader, bytes);
    else this.#forward(bytes);
    if (reader.error !== null) this.#brokenInside(reader);
  }

  #readEnd(reader: StreamReader): void {
    try {
      const bytes = reader.end();
      if (this.#sink === null) this.#hold(reader, bytes);
      else this.#forward(bytes);
    } catch (cause) {
      this.#badBytes(cause);
      return;
    }
    if (reader.error !== null) this.#brokenInside(reader);
    else if (reader.complete) this.#finish({ type: 'complete' });
    else {
      const error = gatewayError('upstream_truncated');
      this.#finish({ type: 'broken', fault: fault('truncated', error, this.#status) });
    }
  }

  /** Before the caller's answer has begun: lifecycle events wait for the first content. */
  #hold(reader: StreamReader, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#held.add(bytes);
    if (this.#began === null) return;
    if (reader.error !== null) return;
    if (reader.started) {
      this.ttftMs = this.lastByteMs - this.startedMs;
      this.#deadlineMs = this.#stallDeadline();
      this.#settleBegan({ type: 'streaming' });
    } else if (this.#held.length > this.#heldLimitBytes)
      this.#protocolError('Its stream has no content.');
  }

  #forward(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#sink === null) return;
    if (!this.#sink.write(bytes)) {
      this.#paused = true;
      this.connection?.pause();
    }
  }

  #brokenInside(reader: StreamReader): void {
    const error = reader.error!;
    const status = this.#status ?? 200;
    const nowMs = this.#clock.unixMs();
    const failure = this.#upstream.cloud.classify(status, this.headers, error, nowMs);
    this.#finish({ type: 'broken', fault: { failure, error, status } });
  }

  #badBytes(cause: unknown): void {
    if (!(cause instanceof DialectError)) throw cause;
    this.#protocolError(cause.message);
  }

  #protocolError(detail: string): void {
    const error = gatewayError('upstream_protocol', detail);
    this.#finish({ type: 'broken', fault: fault('protocol', error, this.#status) });
  }

  #late(kind: 'first-byte-timeout' | 'stall'): Fault {
    return fault(kind, gatewayError('upstream_timeout'), this.#status);
  }

  #stallDeadline(): number {
    const { stallMs, totalMs } = this.#deadlines;
    return Math.min(this.lastByteMs + stallMs, this.startedMs + totalMs);
  }

  /** Exactly once: whoever waits is told, and what is open is let go. */
  #finish(over: Ended): void {
    if (this.#over !== null) return;
    this.#over = over;
    this.#sweep.remove(this);
    if (over.type !== 'complete') this.connection?.abandon();
    if (this.#began !== null) {
      if (over.type === 'broken') this.#settleBegan({ type: 'failed', fault: over.fault });
      else this.#settleBegan({ type: over.type === 'gone' ? 'gone' : 'streaming' });
    } else this.#ended?.(over);
  }

  #settleBegan(began: Began): void {
    const resolve = this.#began;
    this.#began = null;
    resolve?.(began);
  }
}
