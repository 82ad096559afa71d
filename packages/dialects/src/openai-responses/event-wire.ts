// The events of a stream on the wire: each with its name, and with a number that only grows.

import type { JsonObject } from '../json.ts';
import { encodeSse } from '../sse.ts';

export class EventWire {
  #next = 0;
  #events: Uint8Array[] = [];

  send(type: string, fields: JsonObject): void {
    const event = { type, sequence_number: this.#next++, ...fields };
    this.#events.push(encodeSse(type, JSON.stringify(event)));
  }

  /** An event that was made elsewhere for the number it is given. */
  sendMade(make: (sequenceNumber: number) => Uint8Array): void {
    this.#events.push(make(this.#next++));
  }

  /** The next event has this number, or a larger one. */
  skipTo(sequenceNumber: number): void {
    this.#next = Math.max(this.#next, sequenceNumber);
  }

  /** What was sent since the last call. */
  take(): readonly Uint8Array[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
