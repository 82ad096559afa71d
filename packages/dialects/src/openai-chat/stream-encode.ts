// Events to the chunks of a Chat Completions stream. Every chunk has the same id, time and model;
// the role comes once; a number of a tool call counts calls alone; `[DONE]` ends a whole answer and
// nothing else does.

import type { BlockStart, Native, Signed, Stop, StreamEvent, Usage } from '../canonical.ts';
import type { AnswerContext, Loss, StreamEncoder } from '../dialect.ts';
import { isObject, type JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { encodeStreamError } from '../openai-stream-error.ts';
import { encodeUsage } from '../openai-usage.ts';
import { encodeSse } from '../sse.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { bytesOf, joinBytes } from '../utf8.ts';
import { encodeTier } from './answer-tier.ts';
import { signatureFields } from './call-signature.ts';
import { encodeFinish, stopWords } from './finish.ts';

const nothing = new Uint8Array(0);

interface OpenBlock {
  readonly start: BlockStart;
  /** Number among the calls of tools. */
  readonly callIndex: number;
  /** Text of thinking, which is told again whole when its signature is known. */
  text: string;
  signature: string | null;
  issuer: string | undefined;
  hasDeltas: boolean;
}

class CandidateWriter {
  readonly open = new Map<number, OpenBlock>();
  calls = 0;
  refused = false;
  stopped = false;
}

export class OpenaiChatEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #losses = new Losses();
  readonly #candidates = new Map<number, CandidateWriter>();
  #head = '';
  #tail = '';
  #usage: Usage | null = null;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#setHead(context.id, context.model);
  }

  get losses(): readonly Loss[] {
    return this.#losses.list;
  }

  push(event: StreamEvent): Uint8Array {
    if (this.#over) return nothing;
    switch (event.type) {
      case 'start':
        this.#setHead(event.id || this.#context.id, event.model || this.#context.model);
        return nothing;
      case 'block_start':
        return this.#startBlock(event.candidate, event.index, event.block);
      case 'block_delta':
        return this.#delta(event.candidate, event.index, event.text);
      case 'block_signature':
        return this.#sign(event.candidate, event.index, event);
      case 'block_stop':
        return this.#stopBlock(event.candidate, event.index);
      case 'stop':
        return this.#stop(event.candidate, event.stop);
      case 'usage':
        this.#usage = event.usage;
        return nothing;
      case 'native':
        return this.#native(event.native);
      case 'error':
        this.#over = true;
        return encodeStreamError(event.error);
      case 'end':
        return this.#end();
    }
  }

  #setHead(id: string, model: string): void {
    const created = this.#context.createdSeconds;
    const head = { id, object: 'chat.completion.chunk', created, model };
    this.#head = JSON.stringify(head).slice(0, -1);
    this.#tail = this.#context.includeUsage ? ',"usage":null}' : '}';
  }

  #startBlock(candidate: number, index: number, start: BlockStart): Uint8Array {
    const [writer, role] = this.#writer(candidate);
    const callIndex = start.type === 'tool_call' ? writer.calls++ : -1;
    const issuer = 'issuer' in start ? start.issuer : undefined;
    const block = { start, callIndex, text: '', signature: null, issuer, hasDeltas: false };
    writer.open.set(index, block);
    if (start.type === 'refusal') writer.refused = true;
    if (start.type === 'native') {
      const { dialect } = start.native;
      this.#losses.add(`candidates[${candidate}].content[${index}]`, `only ${dialect} has it`);
    }
    if (start.type !== 'tool_call') return role;
    const fn = { name: start.name, arguments: '' };
    const { id } = start;
    const call = {
      index: callIndex,
      id,
      type: 'function',
      function: fn,
      ...signatureFields(start),
    };
    return join(role, this.#chunk(candidate, { tool_calls: [call] }));
  }

  #delta(candidate: number, index: number, text: string): Uint8Array {
    const block = this.#candidates.get(candidate)?.open.get(index);
    if (block === undefined || text === '') return nothing;
    block.hasDeltas = true;
    switch (block.start.type) {
      case 'text':
        return this.#chunk(candidate, { content: text });
      case 'refusal':
        return this.#chunk(candidate, { refusal: text });
      case 'tool_call':
        return this.#arguments(candidate, block, text);
      case 'thinking':
        block.text += text;
        return this.#chunk(candidate, { reasoning_content: text });
      case 'redacted_thinking':
        block.text += text;
        return nothing;
      case 'native':
        return nothing;
    }
  }

  /** Thinking is told again with its signature when it ends; a call takes it at once. */
  #sign(candidate: number, index: number, signed: Signed): Uint8Array {
    const block = this.#candidates.get(candidate)?.open.get(index);
    if (block === undefined) return nothing;
    block.signature = signed.signature ?? null;
    block.issuer = signed.issuer ?? block.issuer;
    const { start, callIndex } = block;
    if (start.type === 'text') {
      const path = `candidates[${candidate}].content[${index}].signature`;
      this.#losses.addMinor(path, 'a text or a call has no signature in this dialect');
    }
    if (start.type !== 'tool_call') return nothing;
    const fields = signatureFields(signed);
    if (Object.keys(fields).length === 0) return nothing;
    // Clients add up what comes under a number, and expect a function under each.
    const call = { index: callIndex, function: { arguments: '' }, ...fields };
    return this.#chunk(candidate, { tool_calls: [call] });
  }

  #arguments(candidate: number, block: OpenBlock, text: string): Uint8Array {
    const call = { index: block.callIndex, function: { arguments: text } };
    return this.#chunk(candidate, { tool_calls: [call] });
  }

  #stopBlock(candidate: number, index: number): Uint8Array {
    const writer = this.#candidates.get(candidate);
    const block = writer?.open.get(index);
    if (writer === undefined || block === undefined) return nothing;
    writer.open.delete(index);
    const { start, text, signature, issuer } = block;
    if (start.type === 'tool_call' && !block.hasDeltas) {
      // A call without arguments: callers parse what they have gathered.
      return this.#arguments(candidate, block, '{}');
    }
    if (start.type === 'thinking' && signature !== null) {
      const signed = { type: start.type, thinking: text, signature, issuer };
      return this.#chunk(candidate, { thinking_blocks: [signed] });
    }
    if (start.type === 'redacted_thinking') {
      const redacted = { type: start.type, data: text, issuer };
      return this.#chunk(candidate, { thinking_blocks: [redacted] });
    }
    return nothing;
  }

  #stop(candidate: number, stop: Stop): Uint8Array {
    const [writer, role] = this.#writer(candidate);
    if (writer.stopped) return role;
    writer.stopped = true;
    leaveStopDetail(stop, stopWords, candidate, this.#losses);
    const finish = encodeFinish(stop, { refusal: writer.refused });
    return join(role, this.#chunk(candidate, {}, finish));
  }

  #native(native: Native): Uint8Array {
    const { dialect, value } = native;
    if (dialect !== 'openai-chat' || !isObject(value)) {
      this.#losses.add('candidates', `only ${dialect} has this event`);
      return nothing;
    }
    const candidate = typeof value.index === 'number' ? value.index : 0;
    const [, role] = this.#writer(candidate);
    const delta = isObject(value.delta) ? value.delta : {};
    return join(role, this.#chunk(candidate, delta, null, value.logprobs ?? null));
  }

  #end(): Uint8Array {
    this.#over = true;
    const done = encodeSse(null, '[DONE]');
    if (!this.#context.includeUsage || this.#usage === null) return done;
    const tier = encodeTier(this.#usage.serviceTier);
    const fields = JSON.stringify({ ...tier, usage: encodeUsage(this.#usage) });
    const last = bytesOf(`data: ${this.#head},"choices":[],${fields.slice(1)}\n\n`);
    return join(last, done);
  }

  /** The candidate, and the chunk that opens it if it is new: the role comes once. */
  #writer(candidate: number): [CandidateWriter, Uint8Array] {
    const known = this.#candidates.get(candidate);
    if (known !== undefined) return [known, nothing];
    const writer = new CandidateWriter();
    this.#candidates.set(candidate, writer);
    return [writer, this.#chunk(candidate, { role: 'assistant', content: '' })];
  }

  #chunk(
    candidate: number,
    delta: JsonObject,
    finish: string | null = null,
    logprobs: unknown = null,
  ): Uint8Array {
    const choice = { index: candidate, delta, logprobs, finish_reason: finish };
    return bytesOf(`data: ${this.#head},"choices":[${JSON.stringify(choice)}]${this.#tail}\n\n`);
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.length === 0 ? second : joinBytes([first, second]);
}
