// Beside a stream that passes through: sees when content begins, what it costs, how it ends. Each
// event has the usage so far, so that only the last one's is read; until content has come, and
// where there is something to tell, events are read whole.

import type { CanonicalError, Usage } from '../canonical.ts';
import { DialectError, type Tap } from '../dialect.ts';
import { isObject, type JsonObject, numberAt, objectAt, objectsAt } from '../json.ts';
import { Silence } from '../silence.ts';
import { sseEventIn } from '../sse.ts';
import { SseSieve, type Verdict } from '../sse-sieve.ts';
import { textOf } from '../utf8.ts';
import { errorInside } from './errors.ts';
import { finishWord } from './finish.ts';
import { readPart } from './part-read.ts';
import { blockedOf } from './response-decode.ts';
import { chunkOf } from './stream-decode.ts';
import { ChunkUsage } from './usage.ts';

/** Within strings quotes are escaped, so that text cannot be taken for a key. */
const telling =
  /"finishReason"\s*:|"blockReason"\s*:|"error"\s*:|"webSearchQueries"\s*:|"index"\s*:\s*[1-9]/;
const counting = /"(?:prompt|candidates|thoughts)TokenCount"\s*:/;

export class GeminiTap implements Tap {
  readonly #sieve = new SseSieve({
    skips: (bytes, start, ends) => this.#skips(bytes, start, ends),
    judge: (event, last) => this.#judge(event, last),
  });
  readonly #silence = new Silence();
  readonly #chunkUsage = new ChunkUsage();
  readonly #seen = new Set<number>();
  readonly #finished = new Set<number>();
  #usage: Usage | null = null;
  /** The last event that counts, if it has not been read. */
  #unread: Uint8Array | null = null;
  #blocked = false;
  started = false;
  error: CanonicalError | null = null;
  stopRaw: string | null = null;

  push(bytes: Uint8Array): Uint8Array {
    return this.#sieve.push(bytes);
  }

  end(): Uint8Array {
    return this.#sieve.end();
  }

  /** Nothing ends a stream but its last byte: it may end wherever all candidates have stopped. */
  get complete(): boolean {
    if (this.error !== null) return false;
    if (this.#seen.size === 0) return this.#blocked;
    return this.#finished.size === this.#seen.size;
  }

  get usage(): Usage | null {
    const sse = this.#unread === null ? undefined : sseEventIn(this.#unread);
    this.#unread = null;
    if (sse !== undefined) this.#count(chunkOf(sse));
    return this.#usage;
  }

  #skips(bytes: Uint8Array, start: number, ends: readonly number[]): boolean {
    if (!this.started) return false;
    const text = textOf(bytes, start, ends.at(-1));
    if (telling.test(text)) return false;
    if (!counting.test(text)) return true;
    // The last one that counts is only known where they are looked at one by one.
    if (ends.length > 1) return false;
    this.#unread = bytes.subarray(start, ends[0]);
    return true;
  }

  #judge(frame: Uint8Array, last: boolean): Verdict {
    const sse = sseEventIn(frame);
    if (sse === undefined) {
      this.#silence.heard(false);
      return last ? 'hide' : 'forward';
    }
    try {
      return this.#read(chunkOf(sse));
    } catch (cause) {
      // Half an event at the end of the bytes.
      if (last && cause instanceof DialectError) return 'hide';
      throw cause;
    }
  }

  #read(chunk: unknown): Verdict {
    this.error = errorInside(chunk);
    if (this.error !== null || !isObject(chunk)) return 'stop';
    let says = false;
    const blocked = blockedOf(chunk);
    if (blocked !== null) {
      says = true;
      this.#blocked = true;
      this.started = true;
      this.stopRaw = blocked.raw;
    }
    for (const [place, candidate] of objectsAt(chunk, 'candidates').entries()) {
      says = this.#readCandidate(candidate, place) || says;
    }
    says = this.#count(chunk) || says;
    this.#silence.heard(says);
    return 'forward';
  }

  /** True if it says something. */
  #readCandidate(candidate: JsonObject, place: number): boolean {
    const index = numberAt(candidate, 'index') ?? place;
    this.#seen.add(index);
    const parts = objectsAt(objectAt(candidate, 'content'), 'parts');
    const hasContent = parts.some(part => readPart(part) !== null);
    if (hasContent) this.started = true;
    const finish = finishWord(candidate.finishReason);
    if (finish === null) return hasContent;
    this.started = true;
    this.#finished.add(index);
    if (index === 0) this.stopRaw = finish;
    return true;
  }

  /** True if the chunk has usage. */
  #count(chunk: unknown): boolean {
    this.#unread = null;
    const usage = isObject(chunk) ? this.#chunkUsage.read(chunk) : null;
    this.#usage = usage ?? this.#usage;
    return usage !== null;
  }
}
