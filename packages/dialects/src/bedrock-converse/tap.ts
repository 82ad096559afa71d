// Beside a stream that passes through: sees when content begins, what it costs, how it ends. Once
// content has come, the payloads of content frames are not read.

import { errorOfMessage } from '../bedrock-error.ts';
import { eventName } from '../bedrock-frames.ts';
import type { CanonicalError, Usage } from '../canonical.ts';
import type { Tap } from '../dialect.ts';
import { EventStreamFramer, MessageReader } from '../event-stream.ts';
import { type JsonObject, parseJsonObject, stringAt } from '../json.ts';
import { Silence } from '../silence.ts';
import { joinBytes } from '../utf8.ts';
import { beginsBlock } from './block-reader.ts';
import { decodeUsage } from './usage.ts';

const nothing = new Uint8Array(0);

export class BedrockConverseTap implements Tap {
  readonly #framer = new EventStreamFramer();
  readonly #messages = new MessageReader();
  readonly #silence = new Silence();
  #counted = false;
  #stopped = false;
  started = false;
  error: CanonicalError | null = null;
  usage: Usage | null = null;
  stopRaw: string | null = null;

  get complete(): boolean {
    return this.#stopped && this.#counted;
  }

  push(bytes: Uint8Array): Uint8Array {
    if (this.complete || this.error !== null) return nothing;
    const frames: Uint8Array[] = [];
    for (const frame of this.#framer.push(bytes)) {
      this.#read(frame);
      if (this.error !== null) break;
      frames.push(frame);
      // What follows the end is not part of the answer.
      if (this.complete) break;
    }
    return frames.length === 0 ? nothing : joinBytes(frames);
  }

  /** Half a frame is of no use to anyone. */
  end(): Uint8Array {
    return nothing;
  }

  #read(frame: Uint8Array): void {
    const message = this.#messages.read(frame);
    const name = eventName(message);
    if (name === null) {
      this.error = errorOfMessage(message);
      return;
    }
    const isContent = name.startsWith('contentBlock');
    if (isContent && this.started) {
      this.#silence.heard(true);
      return;
    }
    const payload = parseJsonObject(message.payload, 'upstream');
    this.#silence.heard(false);
    if (isContent) this.started = beginsBlock(payload);
    else if (name === 'messageStop') this.#readStop(payload);
    else if (name === 'metadata') {
      this.#counted = true;
      this.usage = decodeUsage(payload) ?? this.usage;
    }
  }

  #readStop(payload: JsonObject): void {
    this.#stopped = true;
    this.started = true;
    this.stopRaw = stringAt(payload, 'stopReason') ?? null;
  }
}
