// Events to the frames of a ConverseStream answer. `metadata` waits for the end of the events: it
// is the last frame of a whole answer, and no broken one has it.

import { encodeStreamError } from '../bedrock-error.ts';
import { eventFrame } from '../bedrock-frames.ts';
import type { StreamEvent, Usage } from '../canonical.ts';
import { carryEvent } from '../carried-signature.ts';
import type { Loss, StreamEncoder } from '../dialect.ts';
import { Losses } from '../losses.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { joinBytes } from '../utf8.ts';
import { BlockWriter } from './block-writer.ts';
import { ownValue } from './native.ts';
import { metrics } from './response-encode.ts';
import { encodeStop, stopWords } from './stop.ts';
import { encodeUsage } from './usage.ts';

const nothing = new Uint8Array(0);

export class BedrockConverseEncoder implements StreamEncoder {
  readonly #losses = new Losses();
  readonly #blocks = new BlockWriter(this.#losses);
  readonly #otherCandidates = new Set<number>();
  #begun = false;
  #stopped = false;
  #usage: Usage | null = null;
  #over = false;

  get losses(): readonly Loss[] {
    return this.#losses.list;
  }

  push(event: StreamEvent): Uint8Array {
    const carried = carryEvent(event);
    return carried === null ? this.#say(event) : joinBytes(carried.map(one => this.#say(one)));
  }

  #say(event: StreamEvent): Uint8Array {
    if (this.#over) return nothing;
    switch (event.type) {
      case 'start':
        return this.#write([]);
      case 'usage':
        this.#usage = event.usage;
        return nothing;
      case 'native':
        return this.#native(event);
      case 'error':
        this.#over = true;
        return encodeStreamError(event.error);
      case 'end':
        this.#over = true;
        return this.#write([eventFrame('metadata', { ...encodeUsage(this.#usage), ...metrics })]);
      default:
        return this.#answer(event);
    }
  }

  #answer(event: Extract<StreamEvent, { candidate: number }>): Uint8Array {
    const { candidate } = event;
    if (candidate !== 0) {
      if (!this.#otherCandidates.has(candidate)) {
        this.#losses.add(`candidates[${candidate}]`, 'there is one answer here');
      }
      this.#otherCandidates.add(candidate);
      return nothing;
    }
    if (event.type !== 'stop') return this.#write(this.#blocks.push(event.index, event));
    if (this.#stopped) return nothing;
    this.#stopped = true;
    leaveStopDetail(event.stop, stopWords, 0, this.#losses);
    return this.#write([eventFrame('messageStop', encodeStop(event.stop))]);
  }

  #native(event: Extract<StreamEvent, { type: 'native' }>): Uint8Array {
    if (ownValue(event.native) !== null) return this.#write(this.#blocks.native(event));
    this.#losses.add('candidates', `only ${event.native.dialect} has this event`);
    return nothing;
  }

  #write(frames: readonly Uint8Array[]): Uint8Array {
    if (this.#begun) return frames.length === 0 ? nothing : joinBytes(frames);
    this.#begun = true;
    return joinBytes([eventFrame('messageStart', { role: 'assistant' }), ...frames]);
  }
}
