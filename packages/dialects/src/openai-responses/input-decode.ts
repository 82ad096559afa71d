// Items of a caller's request to messages. What the model said in one answer (text, calls,
// reasoning, each an item of its own here) becomes one assistant message, and answers of tools
// become blocks of one user message, with what the user says next behind them.

import type { Block, Message, OfItem } from '../canonical.ts';
import { restoreSignatures } from '../carried-signature.ts';
import { badField, type ObjectReader } from '../json.ts';
import { callFields, messageFields, nativeItem, ofItem, outputFields } from './native.ts';
import { decodeContent } from './part-decode.ts';
import { decodeReasoning } from './reasoning-item.ts';

const roles = ['system', 'developer', 'user', 'assistant'] as const;

/** Fields that bring a conversation of their own, so that `input` may be absent. */
const conversationKeys = ['previous_response_id', 'conversation', 'prompt'];

export function decodeInput(body: ObjectReader): Message[] {
  const reader = new InputReader();
  const instructions = body.string('instructions');
  if (instructions) reader.say('system', [{ type: 'text', text: instructions }]);
  const input = body.value('input');
  if (typeof input === 'string') reader.say('user', decodeContent(body, 'input'));
  else if (input !== undefined) {
    if (!Array.isArray(input)) throw badField('input', 'expected a string or an array');
    for (const item of body.objects('input')!) reader.read(item);
  }
  if (
    reader.messages.length === 0 &&
    conversationKeys.every(key => body.value(key) === undefined)
  ) {
    throw badField('input', 'expected a text or at least one item');
  }
  return reader.messages.map(restored);
}

function restored(message: Message): Message {
  const { role, content } = message;
  return role === 'assistant' ? { ...message, content: restoreSignatures(content) } : message;
}

class InputReader {
  readonly messages: Message[] = [];
  /** Blocks of the last message, while it gathers answers of tools. */
  #results: Block[] | null = null;
  /** Blocks of the last message, while it gathers what the model said. */
  #answer: Block[] | null = null;

  read(item: ObjectReader): void {
    const type = item.string('type') ?? impliedType(item);
    switch (type) {
      case 'message':
        this.#readMessage(item);
        break;
      case 'function_call':
        this.#addToAnswer([decodeCall(item)]);
        break;
      case 'function_call_output':
        this.#addResult(decodeResult(item));
        break;
      case 'reasoning':
        checkReasoning(item);
        this.#addToAnswer([decodeReasoning(item.object)]);
        break;
      case 'item_reference':
        this.#addToAnswer([decodeReference(item)]);
        break;
      default:
        // What the caller's side did for a hosted tool; the rest is the model's.
        if (/_(output|response)$/.test(type)) this.say('user', [nativeItem(item.object)]);
        else this.#addToAnswer([nativeItem(item.object)]);
    }
  }

  say(role: Message['role'], content: Block[]): void {
    this.#results = null;
    this.#answer = role === 'assistant' ? content : null;
    this.messages.push({ role, content });
  }

  #readMessage(item: ObjectReader): void {
    const role = item.oneOf('role', roles);
    if (role === undefined) throw item.bad('role', 'it is required');
    const content = decodeContent(item, 'content');
    if (role === 'assistant') this.#addToAnswer(inItem(content, item));
    else if (role === 'user' && this.#results !== null) {
      this.#results.push(...content);
      // A user who says nothing adds nothing: the next one still speaks behind the answers.
      if (content.length > 0) this.#results = null;
    } else this.say(role, content);
  }

  /** Two messages that follow one another stay two: joined, they could not be told apart again. */
  #addToAnswer(blocks: Block[]): void {
    if (blocks.length === 0) return;
    const last = this.#answer?.at(-1);
    if (this.#answer === null || (isSaid(last) && isSaid(blocks[0]))) this.say('assistant', blocks);
    else this.#answer.push(...blocks);
  }

  #addResult(block: Block): void {
    if (this.#results === null) {
      const results: Block[] = [];
      this.say('user', results);
      this.#results = results;
    }
    this.#results.push(block);
  }
}

/** Messages may leave their type out, and so may references. */
function impliedType(item: ObjectReader): string {
  if (item.value('role') !== undefined) return 'message';
  if (item.value('id') !== undefined) return 'item_reference';
  throw item.bad('type', 'it is required');
}

function isSaid(block: Block | undefined): boolean {
  return block?.type === 'text' || block?.type === 'refusal';
}

/** Only the model's own messages have an id and a phase that must come back. */
function inItem(content: Block[], item: ObjectReader): Block[] {
  item.string('id');
  const of = ofItem(item.object, messageFields);
  return content.map(block =>
    block.type === 'text' || block.type === 'refusal' ? { ...block, ...of } : block,
  );
}

function decodeCall(item: ObjectReader): Block {
  const of: OfItem = ofItem(item.object, callFields);
  const id = item.requiredString('call_id');
  const name = item.requiredString('name');
  return { type: 'tool_call', id, name, argumentsJson: item.string('arguments') ?? '', ...of };
}

function decodeResult(item: ObjectReader): Block {
  const callId = item.requiredString('call_id');
  const content = decodeContent(item, 'output');
  const of: OfItem = ofItem(item.object, outputFields);
  return { type: 'tool_result', callId, content, isError: false, ...of };
}

/**
 * Clients refer to reasoning that they think is kept; who does not have it answers without it. What
 * was said or asked for cannot be left out.
 */
function decodeReference(item: ObjectReader): Block {
  const isReasoning = item.requiredString('id').startsWith('rs_');
  return isReasoning ? decodeReasoning(item.object) : nativeItem(item.object);
}

function checkReasoning(item: ObjectReader): void {
  item.string('id');
  item.string('encrypted_content');
  for (const key of ['summary', 'content']) {
    for (const part of item.objects(key) ?? []) part.requiredString('text');
  }
}
