// Beside a stream that passes through: sees when content begins, what it costs, how it ends. Each
// event has the usage so far, so that only the last one's is read; until content has come, and
// where there is something to tell, events are read whole.

import type { CanonicalError, Usage } from '../canonical.ts';
import { DialectError, type Tap } from '../dialect.ts';
import { isObject, type JsonObject, numberAt, objectAt, objectsAt } from '../json.ts';
import { type SseEvent, SseParser } from '../sse.ts';
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
  readonly #sieve = new SseSieve((frame, last) => this.#judge(frame, last));
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
    const sse = this.#unread === null ? undefined : eventOf(this.#unread);
    this.#unread = null;
    if (sse !== undefined) this.#count(chunkOf(sse));
    return this.#usage;
  }

  #judge(frame: Uint8Array, last: boolean): Verdict {
    if (this.started && !last) {
      const text = textOf(frame);
      if (!telling.test(text)) {
        if (counting.test(text)) this.#unread = frame;
        return 'forward';
      }
    }
    const sse = eventOf(frame);
    if (sse === undefined) return last ? 'hide' : 'forward';
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
    const blocked = blockedOf(chunk);
    if (blocked !== null) {
      this.#blocked = true;
      this.started = true;
      this.stopRaw = blocked.raw;
    }
    for (const [place, candidate] of objectsAt(chunk, 'candidates').entries()) {
      this.#readCandidate(candidate, place);
    }
    this.#count(chunk);
    return 'forward';
  }

  #readCandidate(candidate: JsonObject, place: number): void {
    const index = numberAt(candidate, 'index') ?? place;
    this.#seen.add(index);
    const parts = objectsAt(objectAt(candidate, 'content'), 'parts');
    if (parts.some(part => readPart(part) !== null)) this.started = true;
    const finish = finishWord(candidate.finishReason);
    if (finish === null) return;
    this.started = true;
    this.#finished.add(index);
    if (index === 0) this.stopRaw = finish;
  }

  #count(chunk: unknown): void {
    this.#unread = null;
    if (isObject(chunk)) this.#usage = this.#chunkUsage.read(chunk) ?? this.#usage;
  }
}

function eventOf(frame: Uint8Array): SseEvent | undefined {
  const parser = new SseParser();
  return [...parser.push(frame), ...parser.end()][0];
}
