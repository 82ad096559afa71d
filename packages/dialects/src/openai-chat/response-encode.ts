// The canonical answer as a Chat Completions body. All texts of an answer become one, joined with
// nothing between them: other dialects cut one sentence into several blocks.

import type { Block, Candidate, CanonicalResponse } from '../canonical.ts';
import type { AnswerContext, EncodedRequest } from '../dialect.ts';
import { type JsonObject, objectAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { encodeUsage } from '../openai-usage.ts';
import { isHollow, leaveSignature } from '../signed.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { bytesOf } from '../utf8.ts';
import { encodeTier } from './answer-tier.ts';
import { signatureFields } from './call-signature.ts';
import { encodeFinish, stopWords } from './finish.ts';

export function encodeResponse(
  response: CanonicalResponse,
  context: AnswerContext,
): EncodedRequest {
  const losses = new Losses();
  const { usage } = response;
  const body = {
    id: response.id || context.id,
    object: 'chat.completion',
    created: response.createdSeconds ?? context.createdSeconds,
    model: response.model || context.model,
    choices: response.candidates.map((candidate, place) =>
      encodeChoice(candidate, `candidates[${place}]`, losses),
    ),
    ...(usage === null ? {} : { usage: encodeUsage(usage) }),
    ...encodeTier(usage?.serviceTier ?? null),
  };
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

function encodeChoice(candidate: Candidate, path: string, losses: Losses): JsonObject {
  const { index, content, stop, logprobs } = candidate;
  const draft = new MessageDraft(losses);
  for (const [place, block] of content.entries()) draft.add(block, `${path}.content[${place}]`);
  leaveStopDetail(stop, stopWords, index, losses);
  if (logprobs !== undefined && logprobs.dialect !== 'openai-chat') {
    losses.add(`${path}.logprobs`, `only ${logprobs.dialect} has these probabilities`);
  }
  return {
    index,
    message: draft.message(),
    logprobs: logprobs?.dialect === 'openai-chat' ? logprobs.value : null,
    finish_reason: encodeFinish(stop, { refusal: draft.refused }),
  };
}

class MessageDraft {
  readonly #losses: Losses;
  #text: string | null = null;
  #refusal: string | null = null;
  #reasoning = '';
  readonly #thinkingBlocks: JsonObject[] = [];
  #signed = false;
  readonly #calls: JsonObject[] = [];
  readonly #more: Record<string, unknown> = {};

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  get refused(): boolean {
    return this.#refusal !== null;
  }

  add(block: Block, path: string): void {
    switch (block.type) {
      case 'text':
        if (!isHollow(block)) this.#text = (this.#text ?? '') + block.text;
        leaveSignature(block, path, this.#losses);
        if (block.citations?.dialect === 'openai-chat') {
          this.#more.annotations = block.citations.value;
        } else if (block.citations !== undefined) {
          this.#losses.add(`${path}.citations`, 'there are no citations in this dialect');
        }
        break;
      case 'refusal':
        this.#refusal = (this.#refusal ?? '') + block.text;
        break;
      case 'thinking': {
        const { type, text, signature, issuer } = block;
        this.#reasoning += text;
        this.#signed ||= signature !== undefined;
        this.#thinkingBlocks.push({ type, thinking: text, signature, issuer });
        break;
      }
      case 'redacted_thinking': {
        const { type, data, issuer } = block;
        this.#signed = true;
        this.#thinkingBlocks.push({ type, data, issuer });
        break;
      }
      case 'tool_call': {
        const fn = { name: block.name, arguments: block.argumentsJson || '{}' };
        const call = { id: block.id, type: 'function', function: fn, ...signatureFields(block) };
        this.#calls.push(call);
        break;
      }
      default:
        this.#other(block, path);
    }
  }

  /** Thinking blocks say more than `reasoning_content` only where they can be sent back. */
  message(): JsonObject {
    return {
      role: 'assistant',
      content: this.#text,
      refusal: this.#refusal,
      ...(this.#reasoning === '' ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#signed ? { thinking_blocks: this.#thinkingBlocks } : {}),
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
      ...this.#more,
    };
  }

  #other(block: Block, path: string): void {
    const own = block.type === 'native' && block.native.dialect === 'openai-chat';
    const audio = own ? objectAt(block.native.value as JsonObject, 'audio') : undefined;
    if (audio === undefined) this.#losses.add(path, `there is no ${block.type} in this dialect`);
    else this.#more.audio = audio;
  }
}
