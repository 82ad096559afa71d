// Beside a stream that passes through: sees when content begins, what it costs, how it ends. Once
// content has come, an event that says by its first line that it is content is not read.

import type { CanonicalError, Usage } from '../canonical.ts';
import { DialectError, type Tap } from '../dialect.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { Silence } from '../silence.ts';
import { type SseEvent, sseEventIn } from '../sse.ts';
import { SseSieve, type Verdict } from '../sse-sieve.ts';
import { empty } from '../stream-ends.ts';
import { saysAtStart } from './block-reader.ts';
import { errorInside } from './errors.ts';
import { eventOf, secondAnswer } from './stream-event.ts';
import { StreamUsage } from './usage.ts';

/** How the bytes of a content event begin. */
const contentLine = Buffer.from('event: content_block_');

/** Events that alone are no answer. */
const saysNothing: ReadonlySet<string> = new Set(['ping', 'content_block_stop', 'message_stop']);

export class AnthropicMessagesTap implements Tap {
  readonly #sieve = new SseSieve({
    skips: (bytes, start, ends) => this.#skips(bytes, start, ends),
    judge: (event, last) => this.#judge(event, last),
  });
  readonly #silence = new Silence();
  readonly #streamUsage = new StreamUsage();
  #begun = false;
  /** Some event has come that is of an answer. */
  #said = false;
  started = false;
  complete = false;
  error: CanonicalError | null = null;
  usage: Usage | null = null;
  stopRaw: string | null = null;

  push(bytes: Uint8Array): Uint8Array {
    return this.#sieve.push(bytes);
  }

  end(): Uint8Array {
    return this.#sieve.end();
  }

  #skips(bytes: Uint8Array, start: number, ends: readonly number[]): boolean {
    if (!this.started || !areContent(bytes, start, ends)) return false;
    this.#silence.heard(true);
    return true;
  }

  #judge(frame: Uint8Array, last: boolean): Verdict {
    // What follows the end is not part of the answer.
    if (this.complete) return 'hide';
    const sse = sseEventIn(frame);
    if (sse === undefined) {
      this.#silence.heard(false);
      return last ? 'hide' : 'forward';
    }
    try {
      return this.#read(sse);
    } catch (cause) {
      // Half an event at the end of the bytes.
      if (last && cause instanceof DialectError) return 'hide';
      throw cause;
    }
  }

  #read(sse: SseEvent): Verdict {
    const event = eventOf(sse);
    const type = event?.type;
    this.#silence.heard(type?.startsWith('content_block_') === true);
    if (type !== undefined && !saysNothing.has(type)) this.#said = true;
    switch (event?.type) {
      case 'error':
        this.error = errorInside(event);
        return 'stop';
      case 'message_start':
        return this.#readStart(event);
      case 'content_block_start':
        this.started ||= saysAtStart(objectAt(event, 'content_block'));
        return 'forward';
      case 'content_block_delta':
        this.started ||= saysMore(objectAt(event, 'delta'));
        return 'forward';
      case 'message_delta':
        this.stopRaw = stringAt(objectAt(event, 'delta'), 'stop_reason') ?? this.stopRaw;
        this.usage = this.#streamUsage.read(objectAt(event, 'usage')) ?? this.usage;
        return 'forward';
      case 'message_stop':
        return this.#readStop();
      default:
        return 'forward';
    }
  }

  /** Nothing but an end is no answer, and nobody has seen anything of it yet. */
  #readStop(): Verdict {
    this.complete = this.#said;
    this.started = this.#said;
    if (this.complete) return 'forward';
    this.error = empty;
    return 'stop';
  }

  /** The SDK breaks on a second one, which some proxies send: it is left out. */
  #readStart(event: JsonObject): Verdict {
    if (this.started) throw secondAnswer();
    const message = objectAt(event, 'message');
    this.usage = this.#streamUsage.read(objectAt(message, 'usage')) ?? this.usage;
    const isSecond = this.#begun;
    this.#begun = true;
    return isSecond ? 'hide' : 'forward';
  }
}

function areContent(bytes: Uint8Array, start: number, ends: readonly number[]): boolean {
  let at = start;
  for (const end of ends) {
    if (!isContent(bytes, at)) return false;
    at = end;
  }
  return true;
}

function isContent(bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < contentLine.length; at++) {
    if (bytes[start + at] !== contentLine[at]) return false;
  }
  return true;
}

/** The delta says something: hosts send empty ones to keep the connection alive. */
function saysMore(delta: JsonObject | undefined): boolean {
  return Object.entries(delta ?? {}).some(
    ([key, value]) => key !== 'type' && value !== null && value !== '',
  );
}
