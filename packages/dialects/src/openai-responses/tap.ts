// Beside a stream that passes through: sees when content begins, what it costs, how it ends. Until
// content has come each event is read; from then on only those with something to tell.

import type { CanonicalError, Usage } from '../canonical.ts';
import { DialectError, type Tap } from '../dialect.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { Silence } from '../silence.ts';
import { type SseEvent, sseEventIn } from '../sse.ts';
import { SseSieve, type Verdict } from '../sse-sieve.ts';
import { textOf } from '../utf8.ts';
import { errorOfEvent } from './errors.ts';
import { stopRawOf } from './stop.ts';
import { eventOf } from './stream-decode.ts';
import { decodeUsage } from './usage.ts';

/**
 * What makes an event worth reading: the end, or an error. Within strings quotes are escaped, so
 * that text cannot be taken for a key.
 */
const telling =
  /"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"|"error"\s*:\s*["{]|^event:\s*(?:error|response\.(?:completed|incomplete|failed))/m;

export class OpenaiResponsesTap implements Tap {
  readonly #sieve = new SseSieve({
    skips: (bytes, start, ends) => this.#skips(bytes, start, ends.at(-1)),
    judge: (event, last) => this.#judge(event, last),
  });
  readonly #silence = new Silence();
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

  #skips(bytes: Uint8Array, start: number, end: number | undefined): boolean {
    return this.started && !telling.test(textOf(bytes, start, end));
  }

  #judge(frame: Uint8Array, last: boolean): Verdict {
    const sse = sseEventIn(frame);
    this.#silence.heard(false);
    if (sse === undefined) return last ? 'hide' : 'forward';
    if (sse.data === '[DONE]') return 'forward';
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
    const response = objectAt(event, 'response');
    const error = errorOfEvent(event, sse.event);
    const type = stringAt(event, 'type') ?? sse.event;
    const isLast = type === 'response.completed' || type === 'response.incomplete';
    if (isLast || error !== null) this.usage = decodeUsage(response ?? {}) ?? this.usage;
    this.error = error;
    if (error !== null) return 'stop';
    if (isLast) {
      this.complete = true;
      const status = type.slice('response.'.length);
      this.stopRaw = stopRawOf({ status, ...response });
    }
    this.started ||= isLast || isContent(type, event);
    return 'forward';
  }
}

/** Text, or an item that says something by being there: all but a message without its text. */
function isContent(type: string, event: JsonObject): boolean {
  if (type.endsWith('.delta')) return stringAt(event, 'delta') !== '';
  if (type !== 'response.output_item.added') return type === 'response.output_item.done';
  const item = stringAt(objectAt(event, 'item'), 'type');
  return item !== undefined && item !== 'message';
}
