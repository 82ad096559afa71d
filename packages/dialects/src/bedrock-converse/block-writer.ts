// The blocks of a stream for a caller: one after the other, numbered from 0. Where the upstream has
// several open at a time, all but the first are held back, for callers of this dialect gather one
// call at a time.

import { eventFrame } from '../bedrock-frames.ts';
import { CallIds } from '../call-ids.ts';
import type { BlockStart, StreamEvent } from '../canonical.ts';
import { type JsonObject, objectAt } from '../json.ts';
import type { Losses } from '../losses.ts';
import { seal } from '../sealed-signature.ts';
import { leaveStreamSignature } from '../signed.ts';
import { isBase64 } from './block-encode.ts';
import { BlockSequence } from './block-sequence.ts';
import { callIdRules } from './call-ids.ts';
import { ownValue } from './native.ts';
import { usualIssuer } from './vendor.ts';

export class BlockWriter {
  readonly #losses: Losses;
  readonly #sequence = new BlockSequence();
  readonly #callIds = new CallIds([], callIdRules(''));
  /** The block that the last event was of: what only this dialect has belongs to it. */
  #lastIndex = 0;
  #place = 0;
  #start: BlockStart | null = null;
  #hasBegun = false;
  #hidden = '';

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  /** The frames that may be written now. */
  push(index: number, event: StreamEvent): Uint8Array[] {
    this.#lastIndex = index;
    return this.#sequence.push(index, event).flatMap(ready => this.#write(ready));
  }

  native(event: StreamEvent): Uint8Array[] {
    return this.push(this.#lastIndex, event);
  }

  #write(event: StreamEvent): Uint8Array[] {
    switch (event.type) {
      case 'block_start':
        return this.#begin(event.block, event.index);
      case 'block_delta':
        return this.#say(event.text);
      case 'block_signature':
        return this.#sign(event);
      case 'block_stop':
        return this.#end(event.index);
      case 'native': {
        const delta = objectAt(ownValue(event.native) ?? {}, 'delta');
        return delta === undefined || this.#start === null ? [] : this.#delta(delta);
      }
      default:
        return [];
    }
  }

  #begin(block: BlockStart, index: number): Uint8Array[] {
    this.#start = block;
    this.#hasBegun = false;
    this.#hidden = '';
    if (block.type === 'tool_call') {
      const { id, name } = block;
      return this.#startFrame({ toolUse: { toolUseId: this.#callIds.write(id), name } });
    }
    if (block.type !== 'native') return [];
    const own = ownValue(block.native);
    if (own === null) {
      const { dialect } = block.native;
      this.#losses.add(`candidates[0].content[${index}]`, `only ${dialect} has it`);
      return [];
    }
    const start = objectAt(own, 'start');
    return start === undefined
      ? this.#delta(objectAt(own, 'delta') ?? {})
      : this.#startFrame(start);
  }

  #say(text: string): Uint8Array[] {
    switch (this.#start?.type) {
      case 'text':
      case 'refusal':
        return this.#delta({ text });
      case 'thinking':
        return this.#delta({ reasoningContent: { text } });
      case 'tool_call':
        return this.#delta({ toolUse: { input: text } });
      case 'redacted_thinking':
        this.#hidden += text;
        return [];
      default:
        return [];
    }
  }

  #sign({ signature, issuer, index }: StreamEvent & { type: 'block_signature' }): Uint8Array[] {
    if (this.#start?.type === 'thinking') {
      const signer = issuer ?? this.#start.issuer ?? usualIssuer;
      const sealed = seal(signature, signer, usualIssuer);
      return this.#delta({ reasoningContent: { signature: sealed } });
    }
    leaveStreamSignature(index, this.#losses);
    return [];
  }

  #end(index: number): Uint8Array[] {
    const frames: Uint8Array[] = [];
    if (this.#hidden !== '') {
      if (isBase64(this.#hidden)) {
        frames.push(...this.#delta({ reasoningContent: { redactedContent: this.#hidden } }));
      } else {
        this.#losses.add(`candidates[0].content[${index}]`, 'hidden thinking is base64 here');
      }
    }
    this.#start = null;
    if (!this.#hasBegun) return frames;
    frames.push(eventFrame('contentBlockStop', { contentBlockIndex: this.#place++ }));
    return frames;
  }

  #startFrame(start: JsonObject): Uint8Array[] {
    this.#hasBegun = true;
    return [eventFrame('contentBlockStart', { contentBlockIndex: this.#place, start })];
  }

  #delta(delta: JsonObject): Uint8Array[] {
    this.#hasBegun = true;
    return [eventFrame('contentBlockDelta', { contentBlockIndex: this.#place, delta })];
  }
}
