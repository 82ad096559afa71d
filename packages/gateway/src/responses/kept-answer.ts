// The answer of one attempt on its way to the caller: marked as the gateway's own, and kept before
// the caller sees the end of it. What could not be kept says so in its last words.

import {
  type AnswerMark,
  markAnswer,
  readAnswer,
  StreamMarker,
} from '@entrepot/dialects/openai-responses/kept-answer';
import type { Gateway } from '../gateway.ts';
import type { StoredResponse } from '../ledger/stored-response.ts';
import type { Arrival } from '../path/accept.ts';
import type { Understood } from '../path/understand.ts';
import type { Keep } from './keep.ts';

export class KeptAnswer {
  readonly #gateway: Gateway;
  readonly #arrival: Arrival;
  readonly #keep: Keep;
  readonly #key: string;
  readonly #deployment: string;
  readonly #marker: StreamMarker;

  constructor(gateway: Gateway, arrival: Arrival, { intent }: Understood, keep: Keep, to: string) {
    this.#gateway = gateway;
    this.#arrival = arrival;
    this.#keep = keep;
    this.#key = intent.key;
    this.#deployment = to;
    this.#marker = new StreamMarker(keep.mark);
  }

  /** The bytes of a stream, but for its last event. */
  push(bytes: Uint8Array): Uint8Array {
    return this.#marker.push(bytes);
  }

  /** The last event of a whole stream. Never rejects. */
  async end(): Promise<Uint8Array> {
    const response = this.#marker.end();
    return this.#marker.last(response !== null && (await this.#save(response)));
  }

  /** An answer that is not streamed. Rejects with DialectError when it is none. */
  async whole(bytes: Uint8Array): Promise<Uint8Array> {
    const response = markAnswer(readAnswer(bytes), this.#keep.mark);
    const store = await this.#save(response);
    return Buffer.from(JSON.stringify({ ...response, store }));
  }

  async #save(response: object): Promise<boolean> {
    const { responses, metrics, log } = this.#gateway;
    const { id, previous }: AnswerMark = this.#keep.mark;
    if (id === null || responses.mode !== 'gateway') return false;
    const stored: StoredResponse = {
      id,
      key: this.#key,
      previousId: previous,
      deployment: this.#deployment,
      createdAtMs: this.#arrival.receivedAtMs,
      input: this.#keep.input,
      response: JSON.stringify(response),
    };
    const bytes = Buffer.byteLength(stored.input) + Buffer.byteLength(stored.response);
    if (bytes > responses.maxResponseBytes) {
      metrics.unkept('too_large');
      return false;
    }
    try {
      await responses.store.put(stored);
      return true;
    } catch (cause) {
      const { requestId } = this.#arrival;
      log.error({ err: cause, requestId }, 'an answer could not be kept');
      metrics.unkept('fault');
      return false;
    }
  }
}
