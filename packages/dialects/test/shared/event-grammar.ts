// The rules of a stream of canonical events, as a checker: what decoders give out and encoders may
// rely on.

import assert from 'node:assert/strict';
import type { StreamEvent } from '@entrepot/dialects/canonical';

export interface GrammarOptions {
  /** Blocks of one candidate may be open at the same time (openai-chat alone). */
  readonly interleaved: boolean;
}

/** Throws AssertionError with the place of the first event that breaks a rule. */
export function checkEvents(events: readonly StreamEvent[], options: GrammarOptions): void {
  const open = new Map<number, Set<number>>();
  const begun = new Set<string>();
  const stopped = new Set<number>();
  let over = false;
  for (const [place, event] of events.entries()) {
    const rule = (holds: boolean, text: string): void =>
      assert.ok(holds, `event ${place} (${event.type}): ${text}`);
    rule(!over, 'nothing follows end or error');
    rule((event.type === 'start') === (place === 0), 'start is first and only first');
    switch (event.type) {
      case 'block_start': {
        const blocks = open.get(event.candidate) ?? new Set();
        const name = `${event.candidate}/${event.index}`;
        rule(!begun.has(name), 'a block starts once');
        rule(!stopped.has(event.candidate), 'no block after stop');
        rule(options.interleaved || blocks.size === 0, 'one block at a time');
        begun.add(name);
        open.set(event.candidate, blocks.add(event.index));
        break;
      }
      case 'block_delta':
      case 'block_signature':
        rule(open.get(event.candidate)?.has(event.index) === true, 'the block is open');
        if (event.type === 'block_delta') rule(event.text !== '', 'a delta says something');
        break;
      case 'block_stop':
        rule(open.get(event.candidate)?.delete(event.index) === true, 'the block is open');
        break;
      case 'stop':
        rule(!stopped.has(event.candidate), 'one stop for each candidate');
        rule((open.get(event.candidate)?.size ?? 0) === 0, 'all blocks are closed');
        stopped.add(event.candidate);
        break;
      case 'end':
        rule(stopped.size > 0, 'some candidate has stopped');
        for (const candidate of open.keys()) {
          rule(stopped.has(candidate), `candidate ${candidate} has stopped`);
        }
        over = true;
        break;
      case 'error':
        over = true;
        break;
      default:
    }
  }
}

/** Whole blocks by candidate, of the events of a stream. */
export interface GatheredBlock {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  text: string;
  signature?: string;
}

/** What a reader of the whole stream has at its end, however the deltas were cut. */
export function gather(events: readonly StreamEvent[]): {
  readonly candidates: ReadonlyMap<number, readonly GatheredBlock[]>;
  readonly stops: ReadonlyMap<number, string>;
  readonly last: string | undefined;
} {
  const candidates = new Map<number, GatheredBlock[]>();
  const stops = new Map<number, string>();
  for (const event of events) {
    if (event.type === 'block_start') {
      const { type } = event.block;
      const call = event.block.type === 'tool_call' ? event.block : undefined;
      const signed = call?.signature === undefined ? {} : { signature: call.signature };
      const named = call === undefined ? {} : { id: call.id, name: call.name, ...signed };
      const blocks = candidates.get(event.candidate) ?? [];
      candidates.set(event.candidate, blocks);
      blocks[event.index] = { type, ...named, text: '' };
    } else if (event.type === 'block_delta') {
      candidates.get(event.candidate)![event.index]!.text += event.text;
    } else if (event.type === 'block_signature') {
      candidates.get(event.candidate)![event.index]!.signature = event.signature;
    } else if (event.type === 'stop') stops.set(event.candidate, event.stop.reason);
  }
  return { candidates, stops, last: events.at(-1)?.type };
}
