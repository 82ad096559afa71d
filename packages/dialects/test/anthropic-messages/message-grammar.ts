// The rules of a Messages stream as clients rely on them, as a checker of bytes.

import assert from 'node:assert/strict';
import { SseParser } from '@entrepot/dialects/sse';

/** One event, as loose as a test needs it. */
export interface WireEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: {
    readonly id: string;
    readonly model: string;
    readonly content: readonly unknown[];
    readonly stop_reason: null;
    readonly usage: Readonly<Record<string, unknown>>;
  };
  readonly content_block?: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly delta?: Readonly<Record<string, unknown>> & { readonly type?: string };
  readonly usage?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly type: string; readonly message: string };
}

/** Deltas that each kind of block can have. */
const deltas: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  redacted_thinking: [],
  tool_use: ['input_json_delta'],
};

/** Checks one stream and gives its events. Throws AssertionError for a broken rule. */
export function checkStream(bytes: Uint8Array): readonly WireEvent[] {
  const parser = new SseParser();
  const framed = [...parser.push(bytes), ...parser.end()];
  const events = framed.map(({ event, data }) => {
    const value = JSON.parse(data) as WireEvent;
    assert.equal(event, value.type, 'the name of an event is its type');
    return value;
  });
  let open: { index: number; type: string } | null = null;
  let blocks = 0;
  let phase: 'before' | 'blocks' | 'delta' | 'over' = 'before';
  for (const [place, event] of events.entries()) {
    const rule = (holds: boolean, text: string): void =>
      assert.ok(holds, `event ${place} (${event.type}): ${text}`);
    rule(phase !== 'over', 'nothing follows the end');
    switch (event.type) {
      case 'message_start':
        rule(phase === 'before', 'message_start is first and comes once');
        checkStart(event);
        phase = 'blocks';
        break;
      case 'content_block_start':
        rule(phase === 'blocks' && open === null, 'one block at a time');
        rule(event.index === blocks, 'indices count from 0');
        checkBlock(event);
        open = { index: blocks++, type: event.content_block!.type };
        break;
      case 'content_block_delta': {
        rule(open !== null && event.index === open.index, 'the block is open');
        const known = Object.hasOwn(deltas, open!.type) ? deltas[open!.type]! : null;
        rule(known?.includes(event.delta!.type!) ?? true, `no ${event.delta!.type} here`);
        break;
      }
      case 'content_block_stop':
        rule(open !== null && event.index === open.index, 'the block is open');
        open = null;
        break;
      case 'message_delta':
        rule(phase === 'blocks' && open === null, 'all blocks are closed');
        rule(typeof event.delta!.stop_reason === 'string', 'it says why the answer stopped');
        rule('stop_sequence' in event.delta!, 'both keys stand in it');
        rule(typeof event.usage!.output_tokens === 'number', 'it counts');
        phase = 'delta';
        break;
      case 'message_stop':
        rule(phase === 'delta', 'message_delta is before it');
        phase = 'over';
        break;
      case 'error':
        rule(typeof event.error!.type === 'string', 'the error has a type');
        phase = 'over';
        break;
      default:
        rule(phase !== 'before', 'message_start is first');
    }
  }
  assert.equal(phase, 'over', 'the stream has an end');
  return events;
}

function checkStart({ message }: WireEvent): void {
  assert.ok(message !== undefined);
  assert.deepEqual(message.content, []);
  assert.equal(message.stop_reason, null);
  for (const key of [
    'input_tokens',
    'output_tokens',
    'cache_creation_input_tokens',
    'cache_read_input_tokens',
  ]) {
    assert.equal(typeof message.usage[key], 'number', key);
  }
}

function checkBlock({ content_block: block }: WireEvent): void {
  assert.ok(block !== undefined);
  if (block.type === 'text') assert.equal(block.text, '');
  if (block.type === 'thinking') assert.deepEqual([block.thinking, block.signature], ['', '']);
  if (block.type === 'tool_use') {
    assert.deepEqual(block.input, {});
    assert.ok(typeof block.id === 'string' && typeof block.name === 'string');
  }
}
