// Beside a stream of chunks that passes through: sees when content begins, what it costs, how it
// ends. Until content has come each event is read; from then on only those with something to tell.

import type { CanonicalError, Usage } from './canonical.ts';
import { DialectError, type Tap, type TapOptions } from './dialect.ts';
import { isObject, type JsonObject, numberAt, objectsAt, parseJsonText, stringAt } from './json.ts';
import { errorInside } from './openai-stream-error.ts';
import { ChunkUsage } from './openai-usage.ts';
import { Silence } from './silence.ts';
import { type SseEvent, sseEventIn } from './sse.ts';
import { SseSieve, type Verdict } from './sse-sieve.ts';
import { empty } from './stream-ends.ts';
import { textOf } from './utf8.ts';

/**
 * What makes an event worth reading: usage, an error, a finish, the end, or a candidate other than
 * the first. Within strings quotes are escaped, so that text cannot be taken for a key.
 */
const telling =
  /"usage"\s*:\s*\{|"error"\s*:|"finish_reason"\s*:\s*"|"index"\s*:\s*[1-9]|\[DONE\]|^event:/m;

export class OpenaiChunkTap implements Tap {
  readonly #hideUsage: boolean;
  readonly #hasContent: (choice: JsonObject) => boolean;
  readonly #sieve = new SseSieve({
    skips: (bytes, start, ends) => this.#skips(bytes, start, ends.at(-1)),
    judge: (event, last) => this.#judge(event, last),
  });
  readonly #silence = new Silence();
  readonly #chunkUsage = new ChunkUsage();
  readonly #seen = new Set<number>();
  readonly #finished = new Set<number>();
  started = false;
  complete = false;
  error: CanonicalError | null = null;
  usage: Usage | null = null;
  stopRaw: string | null = null;

  /** `hasContent` says whether a choice of a chunk brings something for the caller. */
  constructor(options: TapOptions, hasContent: (choice: JsonObject) => boolean) {
    this.#hideUsage = options.hideUsage;
    this.#hasContent = hasContent;
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.#sieve.push(bytes);
  }

  end(): Uint8Array {
    const rest = this.#sieve.end();
    // Hosts that never write [DONE] are done when all candidates are.
    if (this.#finished.size > 0 && this.#finished.size === this.#seen.size) this.complete = true;
    return rest;
  }

  #skips(bytes: Uint8Array, start: number, end: number | undefined): boolean {
    return this.started && !telling.test(textOf(bytes, start, end));
  }

  #judge(frame: Uint8Array, last: boolean): Verdict {
    const sse = sseEventIn(frame);
    if (sse === undefined) {
      this.#silence.heard(false);
      return last ? 'hide' : 'forward';
    }
    if (sse.data === '[DONE]') return this.#readEnd();
    try {
      return this.#read(sse);
    } catch (cause) {
      // Half an event at the end of the bytes.
      if (last && cause instanceof DialectError) return 'hide';
      throw cause;
    }
  }

  /** Nothing but an end is no answer, and nobody has seen anything of it yet. */
  #readEnd(): Verdict {
    this.complete = this.#seen.size > 0;
    if (this.complete) return 'forward';
    this.error = empty;
    return 'stop';
  }

  #read(sse: SseEvent): Verdict {
    const chunk = parseJsonText(sse.data, 'upstream');
    if (!isObject(chunk)) {
      const message = 'An event of the stream is not a JSON object.';
      throw new DialectError({ class: 'upstream', message });
    }
    this.error = errorInside(sse.event === 'error' ? { error: chunk.error ?? chunk } : chunk);
    if (this.error !== null) return 'stop';
    const choices = objectsAt(chunk, 'choices');
    let says = false;
    for (const [place, choice] of choices.entries()) {
      says = this.#readChoice(choice, place) || says;
    }
    const usage = this.#chunkUsage.read(chunk);
    this.usage = usage ?? this.usage;
    this.#silence.heard(says || usage !== null);
    const onlyUsage = choices.length === 0 && isObject(chunk.usage);
    return onlyUsage && this.#hideUsage ? 'hide' : 'forward';
  }

  /** True if it says something. */
  #readChoice(choice: JsonObject, place: number): boolean {
    const index = numberAt(choice, 'index') ?? place;
    this.#seen.add(index);
    const hasContent = this.#hasContent(choice);
    if (hasContent) this.started = true;
    const finish = stringAt(choice, 'finish_reason');
    if (!finish) return hasContent;
    this.started = true;
    this.#finished.add(index);
    if (index === 0 && this.stopRaw !== 'content_filter') this.stopRaw = finish;
    return true;
  }
}
