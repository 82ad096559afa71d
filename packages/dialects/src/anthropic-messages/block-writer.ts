// The blocks of a stream for a caller: strictly one after the other, numbered from 0. Where the
// upstream has several open at a time, all but the first are held back until it ends.

import type { BlockStart } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { seal } from '../sealed-signature.ts';
import { leaveStreamSignature } from '../signed.ts';
import { encodeSse } from '../sse.ts';
import { ownIssuer } from './own-issuer.ts';

class Draft {
  readonly start: BlockStart;
  /** As it is written where the block starts; null until that is known. */
  content: JsonObject | null;
  /** Begins with its first delta, or never: an empty text sent back would be refused. */
  readonly isLazy: boolean;
  readonly deltas: JsonObject[] = [];
  hasText = false;
  hasBegun = false;
  hasEnded = false;

  constructor(start: BlockStart) {
    this.start = start;
    this.content = contentOf(start);
    this.isLazy = start.type !== 'tool_call' && start.type !== 'native';
  }
}

export class BlockWriter {
  readonly #losses: Losses;
  /** In the order in which they started; the first alone is written. */
  readonly #queue: Draft[] = [];
  readonly #byIndex = new Map<number, Draft>();
  #nextIndex = 0;

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  /** `index` is the upstream's. Each call gives the events that may be written now. */
  start(index: number, start: BlockStart): Uint8Array[] {
    const draft = new Draft(start);
    this.#byIndex.set(index, draft);
    this.#queue.push(draft);
    return this.#flush();
  }

  text(index: number, text: string): Uint8Array[] {
    const draft = this.#byIndex.get(index);
    if (draft === undefined || text === '') return [];
    draft.hasText = true;
    const { start } = draft;
    if (start.type === 'redacted_thinking') {
      const data = `${draft.content?.data ?? seal('', start.issuer, ownIssuer)}${text}`;
      draft.content = { type: start.type, data };
      return [];
    }
    return this.#add(draft, deltaOf(start, text));
  }

  signature(index: number, signature: string, issuer: string | undefined): Uint8Array[] {
    const draft = this.#byIndex.get(index);
    if (draft?.start.type !== 'thinking') {
      leaveStreamSignature(index, this.#losses);
      return [];
    }
    const sealed = seal(signature, issuer ?? draft.start.issuer, ownIssuer);
    return this.#add(draft, { type: 'signature_delta', signature: sealed });
  }

  /** A delta that only this dialect has, as it came. */
  delta(index: number, delta: JsonObject): Uint8Array[] {
    const draft = this.#byIndex.get(index);
    return draft === undefined ? [] : this.#add(draft, delta);
  }

  stop(index: number): Uint8Array[] {
    const draft = this.#byIndex.get(index);
    if (draft === undefined) return [];
    this.#byIndex.delete(index);
    // As the API writes a call without arguments.
    if (draft.start.type === 'tool_call' && !draft.hasText) {
      draft.deltas.push(deltaOf(draft.start, ''));
    }
    draft.hasEnded = true;
    return this.#flush();
  }

  /** At the end of the answer: what was never stopped. */
  end(): Uint8Array[] {
    return [...this.#byIndex.keys()].flatMap(index => this.stop(index));
  }

  #add(draft: Draft, delta: JsonObject): Uint8Array[] {
    draft.deltas.push(delta);
    return this.#flush();
  }

  #flush(): Uint8Array[] {
    const written: Uint8Array[] = [];
    for (let draft = this.#queue[0]; draft !== undefined; draft = this.#queue[0]) {
      this.#write(draft, written);
      if (!draft.hasEnded) break;
      this.#queue.shift();
    }
    return written;
  }

  #write(draft: Draft, written: Uint8Array[]): void {
    const index = this.#nextIndex;
    const put = (type: string, more: JsonObject): void => {
      written.push(encodeSse(type, JSON.stringify({ type, index, ...more })));
    };
    const isWhole = draft.start.type === 'redacted_thinking' && draft.hasEnded && draft.hasText;
    if (!draft.hasBegun && (!draft.isLazy || draft.deltas.length > 0 || isWhole)) {
      draft.hasBegun = true;
      put('content_block_start', { content_block: draft.content });
    }
    for (const delta of draft.deltas.splice(0)) put('content_block_delta', { delta });
    if (!draft.hasEnded || !draft.hasBegun) return;
    put('content_block_stop', {});
    this.#nextIndex++;
  }
}

function contentOf(start: BlockStart): JsonObject | null {
  switch (start.type) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'redacted_thinking':
      return null;
    case 'tool_call':
      return { type: 'tool_use', id: start.id, name: start.name, input: {} };
    case 'native':
      return start.native.value as JsonObject;
  }
}

function deltaOf(start: BlockStart, text: string): JsonObject {
  if (start.type === 'tool_call') return { type: 'input_json_delta', partial_json: text };
  if (start.type === 'thinking') return { type: 'thinking_delta', thinking: text };
  return { type: 'text_delta', text };
}
