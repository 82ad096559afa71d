// Canonical messages to the items of a request: each call, each answer of a tool and each thought
// is an item of its own, in the order in which they were said.

import { CallIds } from '../call-ids.ts';
import type {
  Block,
  CanonicalRequest,
  Message,
  RedactedThinkingBlock,
  ThinkingBlock,
  ToolResultBlock,
} from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';
import { leaveSignature } from '../signed.ts';
import { callIdRules } from './call-ids.ts';
import { gatherSaid, isSaid, type SaidBlock, saidPart } from './message-item.ts';
import { ownBlock, ownValue } from './native.ts';
import { encodeContent } from './part-encode.ts';
import { encodeOwn, partOf } from './reasoning-item.ts';

/** The first system message, where it is one text and other messages follow it. */
export function instructionsOf(messages: readonly Message[]): string | undefined {
  const [first, ...rest] = messages;
  if (first?.role !== 'system' || rest.length === 0 || first.name !== undefined) return undefined;
  const [block, ...more] = first.content;
  return block?.type === 'text' && more.length === 0 ? block.text : undefined;
}

export function encodeInput(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const instructions = instructionsOf(request.messages);
  const draft = new InputDraft(request.messages, target, losses);
  for (const [index, message] of request.messages.entries()) {
    if (index > 0 || instructions === undefined) draft.add(message, `messages[${index}]`);
  }
  return { ...(instructions === undefined ? {} : { instructions }), input: draft.items };
}

class InputDraft {
  readonly #target: TargetModel;
  readonly #losses: Losses;
  readonly #callIds: CallIds;
  readonly items: JsonObject[] = [];

  constructor(messages: readonly Message[], target: TargetModel, losses: Losses) {
    this.#callIds = new CallIds(messages, callIdRules);
    this.#target = target;
    this.#losses = losses;
  }

  add(message: Message, path: string): void {
    if (message.name !== undefined) {
      this.#losses.add(`${path}.name`, 'a speaker has no name in this dialect');
    }
    if (message.role === 'assistant') this.#answer(message.content, `${path}.content`);
    else this.#other(message, `${path}.content`);
  }

  #answer(blocks: readonly Block[], path: string): void {
    for (const [place, run] of gatherSaid(blocks, path, this.#losses)) {
      const [first] = run;
      if (isSaid(first!)) this.#say(run as readonly SaidBlock[], place, path);
      else this.#answerBlock(first!, `${path}[${place}]`);
    }
  }

  /** A message that openai made comes back in its own shape, another one in the easy shape. */
  #say(run: readonly SaidBlock[], place: number, path: string): void {
    const own = ownValue(run[0]!.item);
    const parts = run.map((block, at) => saidPart(block, `${path}[${place + at}]`, this.#losses));
    const [first] = run;
    const isPlain = run.length === 1 && first!.type === 'text' && first!.citations === undefined;
    const content = own?.id === undefined && isPlain ? first!.text : parts;
    const status = own?.id === undefined ? {} : { status: 'completed' };
    this.items.push({ type: 'message', ...own, role: 'assistant', ...status, content });
  }

  #answerBlock(block: Block, path: string): void {
    switch (block.type) {
      case 'tool_call':
        leaveSignature(block, path, this.#losses);
        this.items.push({
          type: 'function_call',
          ...ownValue(block.item),
          call_id: this.#callIds.write(block.id),
          name: block.name,
          arguments: block.argumentsJson || '{}',
        });
        break;
      case 'thinking':
      case 'redacted_thinking':
        this.#think(block, path);
        break;
      case 'native':
        this.#native(block, path);
        break;
      default:
        this.#losses.add(path, `an assistant message has no place for ${block.type} here`);
    }
  }

  /**
   * Signed thinking is bound to the vendor that signed it: to another it means nothing, and
   * leaving it out takes nothing from the conversation. Unsigned thinking is known to hosts of
   * open weights as `reasoning_text`; openai takes back only what it made.
   */
  #think(block: ThinkingBlock | RedactedThinkingBlock, path: string): void {
    const { vendor } = this.#target;
    const isSigned = block.type === 'redacted_thinking' || block.signature !== undefined;
    if (isSigned && block.issuer !== vendor) {
      this.#losses.addMinor(path, 'thinking that another vendor signed means nothing to the model');
    } else if (block.type === 'redacted_thinking') {
      this.#losses.addMinor(path, 'redacted thinking has no place in this dialect');
    } else if (block.signature !== undefined) {
      const item = encodeOwn(block.text, block.signature);
      if (item === null) this.#losses.addMinor(path, 'the signature is not of this dialect');
      else this.items.push(item);
    } else if (isOpenaiItself(this.#target)) {
      this.#losses.addMinor(path, 'openai takes back only the thinking that it made');
    } else {
      const content = [partOf('content', block.text)];
      this.items.push({ type: 'reasoning', summary: [], content });
    }
  }

  #native(block: Block & { type: 'native' }, path: string): void {
    const item = ownBlock(block.native, 'item');
    if (item !== undefined) this.items.push(item);
    else this.#losses.add(path, `only ${block.native.dialect} can carry this block`);
  }

  /** Answers of tools and hosted items are items; the rest is one message behind them. */
  #other(message: Message, path: string): void {
    const rest: Block[] = [];
    const places: number[] = [];
    for (const [place, block] of message.content.entries()) {
      if (block.type === 'tool_result') this.#result(block, `${path}[${place}]`);
      else if (block.type === 'native' && ownBlock(block.native, 'item') !== undefined) {
        this.#native(block, `${path}[${place}]`);
      } else {
        rest.push(block);
        places.push(place);
      }
    }
    if (rest.length === 0 && message.content.length > 0) return;
    const content = encodeContent(rest, at => `${path}[${places[at]}]`, this.#losses);
    // Hosts of open weights know no `developer`.
    const isForeign = message.role === 'developer' && this.#target.vendor !== 'openai';
    this.items.push({ type: 'message', role: isForeign ? 'system' : message.role, content });
  }

  /** A failed call is told in words: the dialect has no flag for it. */
  #result(block: ToolResultBlock, path: string): void {
    const { callId, isError } = block;
    const said: Block[] = isError ? [{ type: 'text', text: 'Error: ' }] : [];
    const [first, ...more] = block.content;
    const content: readonly Block[] =
      isError && first?.type === 'text'
        ? [{ ...first, text: `Error: ${first.text}` }, ...more]
        : [...said, ...block.content];
    const shift = content.length - block.content.length;
    const pathOf = (at: number): string => `${path}.content[${at - shift}]`;
    this.items.push({
      type: 'function_call_output',
      ...ownValue(block.item),
      call_id: this.#callIds.write(callId),
      output: encodeContent(content, pathOf, this.#losses),
    });
  }
}
