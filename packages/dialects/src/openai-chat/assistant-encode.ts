// One answer of the model, as history: text, refusal, thinking and calls each in its own field, so
// that their order is lost.

import type { CallIds } from '../call-ids.ts';
import type {
  Block,
  Native,
  RedactedThinkingBlock,
  TextBlock,
  ThinkingBlock,
  ToolCallBlock,
} from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import { type JsonObject, objectAt } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';
import { isHollow, leaveSignature } from '../signed.ts';
import { signatureFields } from './call-signature.ts';

export function encodeAssistant(
  blocks: readonly Block[],
  path: string,
  target: TargetModel,
  callIds: CallIds,
  losses: Losses,
): JsonObject {
  const draft = new AssistantDraft(target, callIds, losses);
  for (const [index, block] of blocks.entries()) draft.add(block, `${path}[${index}]`);
  return draft.message();
}

const othersThinking = 'thinking that another vendor signed means nothing to the model';

class AssistantDraft {
  readonly #target: TargetModel;
  readonly #callIds: CallIds;
  readonly #losses: Losses;
  readonly #thinkingField: string | null;
  #text: string | null = null;
  #refusal: string | null = null;
  #reasoning = '';
  readonly #unsignedPaths: string[] = [];
  readonly #thinkingBlocks: JsonObject[] = [];
  readonly #calls: JsonObject[] = [];
  #audio: JsonObject | null = null;

  constructor(target: TargetModel, callIds: CallIds, losses: Losses) {
    this.#target = target;
    this.#callIds = callIds;
    this.#losses = losses;
    this.#thinkingField = thinkingFieldOf(target);
  }

  add(block: Block, path: string): void {
    switch (block.type) {
      case 'text':
        this.#say(block, path);
        break;
      case 'refusal':
        this.#refusal = (this.#refusal ?? '') + block.text;
        break;
      case 'tool_call':
        this.#call(block, path);
        break;
      case 'thinking':
      case 'redacted_thinking':
        this.#think(block, path);
        break;
      case 'native':
        this.#native(block.native, path);
        break;
      default:
        this.#losses.add(path, `an assistant message has no place for ${block.type} here`);
    }
  }

  /** `content` is null where something else stands instead of it. */
  message(): JsonObject {
    // Who reads the signed thoughts looks nowhere else.
    for (const path of this.#thinkingBlocks.length === 0 ? [] : this.#unsignedPaths) {
      this.#losses.addMinor(path, 'a thought without a signature may go unread beside signed ones');
    }
    const instead = this.#calls.length > 0 || this.#refusal !== null || this.#audio !== null;
    return {
      role: 'assistant',
      content: this.#text ?? (instead ? null : ''),
      ...(this.#refusal === null ? {} : { refusal: this.#refusal }),
      ...(this.#reasoning === '' ? {} : { [this.#thinkingField!]: this.#reasoning }),
      ...(this.#thinkingBlocks.length === 0 ? {} : { thinking_blocks: this.#thinkingBlocks }),
      ...(this.#audio === null ? {} : { audio: this.#audio }),
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
    };
  }

  /** A text that only carries a signature says nothing. */
  #say(block: TextBlock, path: string): void {
    const { text, citations } = block;
    if (!isHollow(block)) this.#text = (this.#text ?? '') + text;
    if (citations !== undefined && citations.dialect !== 'openai-chat') {
      this.#losses.add(`${path}.citations`, 'there are no citations in this dialect');
    }
    leaveSignature(block, path, this.#losses);
  }

  /** As with thinking, a signature goes back to who made it and to nobody else. */
  #call(block: ToolCallBlock, path: string): void {
    const fn = { name: block.name, arguments: block.argumentsJson || '{}' };
    const id = this.#callIds.write(block.id);
    const isOwn = block.issuer === this.#target.vendor;
    const signed = isOwn ? signatureFields(block) : {};
    if (!isOwn) leaveSignature(block, path, this.#losses);
    this.#calls.push({ id, type: 'function', function: fn, ...signed });
  }

  /**
   * Signed thinking is bound to the vendor that signed it: to another it means nothing, and leaving
   * it out takes nothing from the conversation. Unsigned thinking has a field on hosts of open
   * weights; openai has none for it.
   */
  #think(block: ThinkingBlock | RedactedThinkingBlock, path: string): void {
    const { vendor } = this.#target;
    if (block.type === 'redacted_thinking') {
      const { type, data, issuer } = block;
      const isTaken = issuer === vendor && !isOpenaiItself(this.#target);
      if (isTaken) this.#thinkingBlocks.push({ type, data, issuer });
      else this.#losses.addMinor(path, othersThinking);
      return;
    }
    const { type, text, signature, issuer } = block;
    if (signature !== undefined) {
      if (issuer === vendor && !isOpenaiItself(this.#target)) {
        this.#thinkingBlocks.push({ type, thinking: text, signature, issuer });
      } else this.#losses.addMinor(path, othersThinking);
    } else if (this.#thinkingField === null) {
      this.#losses.addMinor(path, 'the host takes no thinking back in this dialect');
    } else {
      this.#reasoning += text;
      this.#unsignedPaths.push(path);
    }
  }

  #native(native: Native, path: string): void {
    if (native.dialect !== 'openai-chat') {
      this.#losses.add(path, `only ${native.dialect} can carry this block`);
      return;
    }
    const value = native.value as JsonObject;
    const call = objectAt(value, 'tool_call');
    if (call !== undefined) this.#calls.push(call);
    this.#audio = objectAt(value, 'audio') ?? this.#audio;
  }
}

function thinkingFieldOf(target: TargetModel): string | null {
  if (isOpenaiItself(target)) return null;
  const field = target.host?.thinkingField;
  return field === undefined ? 'reasoning_content' : field;
}
