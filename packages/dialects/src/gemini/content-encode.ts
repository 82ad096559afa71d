// Canonical messages to contents. Roles take turns here, and all answers to the calls of a turn
// stand in one content of their own right behind it, in the order of the calls.

import type { Block, CanonicalRequest, Message, Source, ToolResultBlock } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { encodeAssistant, takesIds } from './assistant-encode.ts';
import { encodeFunctionResponse } from './function-response.ts';
import { generationOf } from './model-generation.ts';
import { encodePart } from './part-encode.ts';

interface Content {
  readonly role: 'user' | 'model';
  parts: JsonObject[];
}

/** The answers to one turn of the model, each with the place of its call. */
interface Answers {
  readonly content: Content;
  readonly given: { readonly place: number; readonly part: JsonObject }[];
}

export function encodeContents(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const draft = new ContentsDraft(generationOf(target.name), losses);
  for (const [index, message] of request.messages.entries()) draft.add(message, index);
  return draft.fields();
}

class ContentsDraft {
  readonly #generation: number;
  readonly #losses: Losses;
  readonly #system: JsonObject[] = [];
  readonly #contents: Content[] = [];
  /** Name and place of each call, by id; of calls with the same id the last one is answered. */
  readonly #calls = new Map<string, { readonly name: string; readonly place: number }>();
  /** Answers to the last turn of the model. */
  #answers: Answers | null = null;
  #callCount = 0;
  #turns = 0;

  constructor(generation: number, losses: Losses) {
    this.#generation = generation;
    this.#losses = losses;
  }

  add(message: Message, index: number): void {
    const path = `messages[${index}].content`;
    if (message.name !== undefined) {
      this.#losses.add(`messages[${index}].name`, 'speakers have no names in this dialect');
    }
    if (message.role === 'assistant') this.#addAssistant(message.content, path);
    else if (message.role === 'user') this.#addUser(message.content, path);
    else this.#addSystem(message.content, index);
  }

  /** A request without a turn is refused: a blank one stands where the system alone has spoken. */
  fields(): JsonObject {
    this.#closeAnswers();
    const contents = this.#contents.length > 0 ? this.#contents : [blankTurn];
    if (this.#system.length === 0) return { contents };
    return { systemInstruction: { parts: this.#system }, contents };
  }

  #addSystem(blocks: readonly Block[], index: number): void {
    if (this.#contents.length > 0) {
      const reason = 'instructions in the middle of a conversation move to its front here';
      this.#losses.add(`messages[${index}].role`, reason);
    }
    const parts = this.#parts(blocks, `messages[${index}].content`);
    for (const part of parts) this.#system.push(part);
  }

  #addAssistant(blocks: readonly Block[], path: string): void {
    for (const block of blocks) {
      if (block.type !== 'tool_call') continue;
      this.#calls.set(block.id, { name: block.name, place: this.#callCount++ });
    }
    const parts = encodeAssistant(blocks, path, this.#generation, this.#losses);
    if (parts.length === 0) return;
    this.#closeAnswers();
    this.#push('model', parts);
    this.#turns = this.#contents.length;
  }

  #addUser(blocks: readonly Block[], path: string): void {
    for (const [index, block] of blocks.entries()) {
      if (block.type === 'tool_result') this.#addAnswer(block, `${path}[${index}]`);
    }
    const parts = this.#parts(blocks, path);
    if (parts.length > 0) this.#push('user', parts);
  }

  #parts(blocks: readonly Block[], path: string): JsonObject[] {
    return blocks.flatMap((block, index) => {
      if (block.type === 'tool_result') return [];
      const part = encodePart(block, `${path}[${index}]`, this.#losses);
      return part === null ? [] : [part];
    });
  }

  #push(role: 'user' | 'model', parts: readonly JsonObject[]): void {
    const last = this.#contents.at(-1);
    if (last?.role !== role || last === this.#answers?.content) {
      this.#contents.push({ role, parts: [...parts] });
      return;
    }
    for (const part of parts) last.parts.push(part);
  }

  #addAnswer(block: ToolResultBlock, path: string): void {
    const call = this.#calls.get(block.callId);
    if (call === undefined) {
      this.#losses.add(path, 'the call that it answers is not in the conversation');
      return;
    }
    if (this.#answers === null) {
      this.#answers = { content: { role: 'user', parts: [] }, given: [] };
      this.#contents.splice(this.#turns, 0, this.#answers.content);
    }
    const part = this.#answer(block, call.name, path);
    this.#answers.given.push({ place: call.place, part });
  }

  /** In the order of the calls, once all answers to a turn have come. */
  #closeAnswers(): void {
    if (this.#answers === null) return;
    const { content, given } = this.#answers;
    given.sort((one, other) => one.place - other.place);
    content.parts = given.map(answer => answer.part);
    this.#answers = null;
  }

  /** Pictures and files stand beside what a function says, from generation 3 on. */
  #answer(block: ToolResultBlock, name: string, path: string): JsonObject {
    const texts: string[] = [];
    const media: JsonObject[] = [];
    for (const [index, inner] of block.content.entries()) {
      const place = `${path}.content[${index}]`;
      const text = textOf(inner);
      if (text !== null) texts.push(text);
      else if (this.#generation >= 3) {
        const part = encodePart(inner, place, this.#losses);
        if (part !== null) media.push(part);
      } else this.#losses.add(place, `a function answers with text only here, not ${inner.type}`);
    }
    const functionResponse = {
      ...(takesIds(this.#generation) ? { id: block.callId } : {}),
      name,
      response: encodeFunctionResponse(texts, block.isError),
      ...(media.length === 0 ? {} : { parts: media }),
    };
    return { functionResponse };
  }
}

/** A document of plain text is told as text: parts of an answer are bytes. */
function textOf(block: Block): string | null {
  if (block.type === 'text') return block.text;
  const isText = block.type === 'document' && block.source.kind === 'text';
  return isText ? (block.source as Source & { kind: 'text' }).text : null;
}

const blankTurn: Content = { role: 'user', parts: [{ text: ' ' }] };
