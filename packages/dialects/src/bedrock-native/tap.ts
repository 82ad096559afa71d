// Beside a stream of a model's own events in Bedrock's frames: sees when content begins, what it
// costs, how it ends. What the events say else is the model's own affair.

import { errorOfMessage } from '../bedrock-error.ts';
import { eventName } from '../bedrock-frames.ts';
import type { CanonicalError, Usage } from '../canonical.ts';
import { chunkText } from '../chunk-frames.ts';
import type { Tap } from '../dialect.ts';
import { EventStreamFramer, MessageReader } from '../event-stream.ts';
import { metricsUsage } from '../invoke-usage.ts';
import { parseJsonObject } from '../json.ts';
import { bytesOf, joinBytes } from '../utf8.ts';
import { stopOf } from './stop.ts';

const nothing = new Uint8Array(0);

/** The member of the last event, which no model's own event has. */
const metrics = '"amazon-bedrock-invocationMetrics"';

export class BedrockNativeTap implements Tap {
  readonly #framer = new EventStreamFramer();
  readonly #messages = new MessageReader();
  started = false;
  complete = false;
  error: CanonicalError | null = null;
  usage: Usage | null = null;
  stopRaw: string | null = null;

  push(bytes: Uint8Array): Uint8Array {
    if (this.error !== null) return nothing;
    const frames: Uint8Array[] = [];
    for (const frame of this.#framer.push(bytes)) {
      const isTold = this.#read(frame);
      if (this.error !== null) break;
      if (isTold) frames.push(frame);
    }
    return frames.length === 0 ? nothing : joinBytes(frames);
  }

  /** Half a frame is of no use to anyone. */
  end(): Uint8Array {
    return nothing;
  }

  /**
   * Whether the caller sees this frame. An answer that was counted is whole; one that gave its
   * reason to stop is, too, whatever is said afterwards.
   */
  #read(frame: Uint8Array): boolean {
    const message = this.#messages.read(frame);
    const name = eventName(message);
    if (name === null) {
      if (!this.complete) this.error = errorOfMessage(message);
      return false;
    }
    if (name !== 'chunk') return true;
    this.started = true;
    const text = chunkText(message.payload);
    const event = parseJsonObject(bytesOf(text), 'upstream');
    this.stopRaw = stopOf(event) ?? this.stopRaw;
    if (text.includes(metrics)) this.usage = metricsUsage(event) ?? this.usage;
    this.complete = this.usage !== null || this.stopRaw !== null;
    return true;
  }
}
