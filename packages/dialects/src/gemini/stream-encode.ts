// Events to the chunks of a stream. Each chunk is a small answer; a call is written when it is
// whole; why each candidate stopped stands in the last chunk, with the usage, because nothing else
// ends a stream of this dialect.

import type { Block, BlockStart, Native, Signed, Stop, StreamEvent, Usage } from '../canonical.ts';
import type { AnswerContext, Loss, StreamEncoder } from '../dialect.ts';
import { isObject, type JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { encodeSse } from '../sse.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { encodeStreamError } from './errors.ts';
import { stopWords } from './finish.ts';
import { emptyPart, finishOf } from './response-encode.ts';
import { encodeSaid, textPart } from './said-encode.ts';
import { seal } from './signature.ts';
import { encodeUsage } from './usage.ts';

const nothing = new Uint8Array(0);

interface OpenBlock {
  readonly start: BlockStart;
  /** Of calls and redacted thinking, which are written when they are whole. */
  text: string;
  signature: { readonly signature: string; readonly issuer?: string } | null;
}

interface Candidate {
  readonly open: Map<number, OpenBlock>;
  stop: Stop | null;
  isMalformed: boolean;
}

export class GeminiEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #losses = new Losses();
  readonly #candidates = new Map<number, Candidate>();
  #tail: JsonObject;
  #usage: Usage | null = null;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#tail = { modelVersion: context.model, responseId: context.id };
  }

  get losses(): readonly Loss[] {
    return this.#losses.list;
  }

  push(event: StreamEvent): Uint8Array {
    if (this.#over) return nothing;
    switch (event.type) {
      case 'start': {
        const modelVersion = event.model || this.#context.model;
        this.#tail = { modelVersion, responseId: event.id || this.#context.id };
        return nothing;
      }
      case 'block_start':
        return this.#startBlock(event.candidate, event.index, event.block);
      case 'block_delta':
        return this.#delta(event.candidate, event.index, event.text);
      case 'block_signature':
        return this.#sign(event.candidate, event.index, event);
      case 'block_stop':
        return this.#stopBlock(event.candidate, event.index);
      case 'stop':
        this.#candidate(event.candidate).stop = event.stop;
        leaveStopDetail(event.stop, stopWords, event.candidate, this.#losses);
        return nothing;
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

  #startBlock(candidate: number, index: number, start: BlockStart): Uint8Array {
    const signature = start.type === 'tool_call' ? signedOf(start) : null;
    this.#candidate(candidate).open.set(index, { start, text: '', signature });
    if (start.type !== 'native') return nothing;
    return this.#part(candidate, encodeSaid(start, pathOf(candidate, index), this.#losses));
  }

  #delta(candidate: number, index: number, text: string): Uint8Array {
    const block = this.#candidate(candidate).open.get(index);
    if (block === undefined || text === '') return nothing;
    switch (block.start.type) {
      case 'text':
      case 'refusal':
        return this.#part(candidate, textPart(text, 'text'));
      case 'thinking':
        return this.#part(candidate, textPart(text, 'thinking'));
      default:
        block.text += text;
        return nothing;
    }
  }

  /** As Google does it: with an empty text behind the text that it signs, or with the call. */
  #sign(
    candidate: number,
    index: number,
    signed: { readonly signature: string; readonly issuer?: string },
  ): Uint8Array {
    const block = this.#candidate(candidate).open.get(index);
    if (block === undefined) return nothing;
    const { start } = block;
    const issuer = signed.issuer ?? ('issuer' in start ? start.issuer : undefined);
    const { signature } = signed;
    if (start.type === 'text' || start.type === 'thinking') {
      return this.#part(candidate, textPart('', start.type, seal(signature, issuer)));
    }
    block.signature = signedOf({ signature, ...(issuer === undefined ? {} : { issuer }) });
    return nothing;
  }

  #stopBlock(candidate: number, index: number): Uint8Array {
    const owner = this.#candidate(candidate);
    const block = owner.open.get(index);
    owner.open.delete(index);
    const whole = block === undefined ? null : wholeOf(block);
    if (whole === null) return nothing;
    const part = encodeSaid(whole, pathOf(candidate, index), this.#losses);
    if (part === null) owner.isMalformed = true;
    return this.#part(candidate, part);
  }

  #native({ dialect, value }: Native): Uint8Array {
    if (dialect !== 'gemini' || !isObject(value)) {
      this.#losses.add('candidates', `only ${dialect} has this event`);
      return nothing;
    }
    this.#candidate(typeof value.index === 'number' ? value.index : 0);
    return this.#chunk([{ content: { parts: [emptyPart], role: 'model' }, ...value }]);
  }

  #end(): Uint8Array {
    this.#over = true;
    const stopped = [...this.#candidates].flatMap(([index, { stop, isMalformed }]) => {
      if (stop === null) return [];
      const finishReason = finishOf(stop, isMalformed);
      return [{ content: { parts: [emptyPart], role: 'model' }, finishReason, index }];
    });
    return this.#chunk(stopped, this.#usage);
  }

  #candidate(index: number): Candidate {
    let candidate = this.#candidates.get(index);
    if (candidate === undefined) {
      candidate = { open: new Map(), stop: null, isMalformed: false };
      this.#candidates.set(index, candidate);
    }
    return candidate;
  }

  #part(index: number, part: JsonObject | null): Uint8Array {
    if (part === null) return nothing;
    return this.#chunk([{ content: { parts: [part], role: 'model' }, index }]);
  }

  #chunk(candidates: readonly JsonObject[], usage: Usage | null = null): Uint8Array {
    const counted = usage === null ? {} : { usageMetadata: encodeUsage(usage) };
    return encodeSse(null, JSON.stringify({ candidates, ...counted, ...this.#tail }));
  }
}

/** What is written when its block ends; null for what has been written already. */
function wholeOf({ start, text, signature }: OpenBlock): Block | null {
  if (start.type === 'tool_call') {
    const { type, id, name } = start;
    return { type, id, name, argumentsJson: text, ...signature };
  }
  return start.type === 'redacted_thinking' ? { ...start, data: text } : null;
}

function signedOf({ signature, issuer }: Signed): OpenBlock['signature'] {
  if (signature === undefined) return null;
  return issuer === undefined ? { signature } : { signature, issuer };
}

function pathOf(candidate: number, index: number): string {
  return `candidates[${candidate}].content[${index}]`;
}
