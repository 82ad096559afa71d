// The rules of a ConverseStream as clients rely on them, as a checker of bytes. Frames are read by
// Amazon's own codec.

import assert from 'node:assert/strict';
import { EventStreamCodec } from '@smithy/eventstream-codec';

type Payload = Readonly<Record<string, unknown>>;

/** One frame: what it is called and what it says. */
export interface Frame {
  readonly kind: 'event' | 'exception';
  readonly name: string;
  readonly payload: Payload;
}

const text = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString();
const codec = new EventStreamCodec(text, value => Buffer.from(value));

function framesOf(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const { headers, body } = codec.decode(bytes.subarray(at, at + length));
    const kind = String(headers[':message-type']?.value) as Frame['kind'];
    const name = String(headers[kind === 'event' ? ':event-type' : ':exception-type']?.value);
    assert.equal(headers[':content-type']?.value, 'application/json', name);
    frames.push({ kind, name, payload: JSON.parse(text(body)) as Payload });
    at += length;
  }
  return frames;
}

const deltas: Readonly<Record<string, readonly string[]>> = {
  text: ['text', 'citation'],
  reasoning: ['reasoningContent'],
  toolUse: ['toolUse'],
};

/** Checks one stream and gives its frames. Throws AssertionError for a broken rule. */
export function checkFrames(bytes: Buffer): readonly Frame[] {
  const frames = framesOf(bytes);
  const blocks = new BlockRules();
  let phase: 'before' | 'blocks' | 'stopped' | 'over' = 'before';
  for (const [place, { kind, name, payload }] of frames.entries()) {
    const rule = (holds: boolean, words: string): void =>
      assert.ok(holds, `frame ${place} (${name}): ${words}`);
    rule(phase !== 'over', 'nothing follows the end');
    if (kind === 'exception') {
      rule(typeof payload.message === 'string', 'an exception says why');
      phase = 'over';
      continue;
    }
    assert.equal(kind, 'event');
    switch (name) {
      case 'messageStart':
        rule(phase === 'before', 'messageStart is first and comes once');
        assert.equal(payload.role, 'assistant');
        phase = 'blocks';
        break;
      case 'messageStop':
        rule(phase === 'blocks' && blocks.open === null, 'all blocks are closed');
        assert.equal(typeof payload.stopReason, 'string');
        phase = 'stopped';
        break;
      case 'metadata':
        rule(phase === 'stopped', 'the stop is before the count');
        if (payload.usage !== undefined) checkUsage(payload.usage as Payload);
        phase = 'over';
        break;
      default:
        rule(phase === 'blocks', 'blocks stand between start and stop');
        blocks.check(name, payload);
    }
  }
  assert.equal(phase, 'over', 'the stream has an end');
  return frames;
}

class BlockRules {
  open: { readonly index: number; kind: string | null } | null = null;
  #next = 0;

  check(name: string, payload: Payload): void {
    const index = payload.contentBlockIndex as number;
    if (name === 'contentBlockStart') {
      this.#begin(index);
      const { toolUse } = payload.start as { toolUse?: Payload };
      assert.ok(typeof toolUse?.toolUseId === 'string' && typeof toolUse.name === 'string');
      this.open!.kind = 'toolUse';
      return;
    }
    // A block of text begins with its first delta.
    if (this.open === null && name === 'contentBlockDelta') this.#begin(index);
    assert.equal(this.open?.index, index, `${name}: the block is open`);
    if (name === 'contentBlockStop') {
      this.open = null;
      return;
    }
    assert.equal(name, 'contentBlockDelta');
    const keys = Object.keys(payload.delta as object);
    assert.equal(keys.length, 1, 'a delta is of one kind');
    const kind = Object.keys(deltas).find(each => deltas[each]!.includes(keys[0]!))!;
    this.open!.kind ??= kind;
    assert.equal(this.open!.kind, kind, 'a block is of one kind');
  }

  #begin(index: number): void {
    assert.equal(this.open, null, 'one block at a time');
    assert.equal(index, this.#next++, 'indices count from 0');
    this.open = { index, kind: null };
  }
}

export function checkUsage(usage: Payload): void {
  const { inputTokens, outputTokens, totalTokens } = usage as Readonly<Record<string, number>>;
  const read = (usage.cacheReadInputTokens as number | undefined) ?? 0;
  const written = (usage.cacheWriteInputTokens as number | undefined) ?? 0;
  assert.equal(totalTokens, inputTokens! + outputTokens! + read + written);
}
