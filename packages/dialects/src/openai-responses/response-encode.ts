// The canonical answer as a response object: its blocks as items, in their order.

import type { Block, Candidate, CanonicalResponse } from '../canonical.ts';
import { carrySignatures } from '../carried-signature.ts';
import type { AnswerContext, EncodedRequest } from '../dialect.ts';
import { arrayAt, type JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { leaveSignature } from '../signed.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { bytesOf } from '../utf8.ts';
import { encodeEnvelope } from './envelope.ts';
import { gatherSaid, isSaid, type SaidBlock, saidPart } from './message-item.ts';
import { ownBlock } from './native.ts';
import {
  callItem,
  ItemIds,
  type ItemStatus,
  messageItem,
  placeOfThought,
  reasoningItem,
  type ThoughtPlace,
} from './output-items.ts';
import { encodeStop, stopWords } from './stop.ts';

/** There is one answer in this dialect; others are reported. */
export function encodeResponse(
  response: CanonicalResponse,
  context: AnswerContext,
): EncodedRequest {
  const losses = new Losses();
  const id = response.id || context.id;
  const [candidate = nothing, ...more] = response.candidates;
  for (const place of more.keys()) {
    losses.add(`candidates[${place + 1}]`, 'there is one answer in this dialect');
  }
  leaveStopDetail(candidate.stop, stopWords(candidate.stop), 0, losses);
  const refusal = candidate.content.some(block => block.type === 'refusal');
  const ending = encodeStop(candidate.stop, { refusal });
  const draft = new OutputDraft(candidate, new ItemIds(id), losses, placeOfThought(context));
  const body = encodeEnvelope(
    {
      id,
      model: response.model || context.model,
      createdSeconds: response.createdSeconds ?? context.createdSeconds,
      ending,
      output: draft.encode(ending.status === 'incomplete' ? 'incomplete' : 'completed'),
      usage: response.usage,
    },
    context,
  );
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

const nothing: Candidate = { index: 0, content: [], stop: { reason: 'end', raw: '' } };

class OutputDraft {
  readonly #blocks: readonly Block[];
  readonly #ids: ItemIds;
  readonly #unsigned: ThoughtPlace;
  readonly #losses: Losses;
  /** Probabilities of the texts, each at its text's place. */
  readonly #logprobs: readonly unknown[];
  #texts = 0;

  constructor(candidate: Candidate, ids: ItemIds, losses: Losses, unsigned: ThoughtPlace) {
    this.#unsigned = unsigned;
    this.#blocks = carrySignatures(candidate.content);
    this.#ids = ids;
    this.#losses = losses;
    const { logprobs } = candidate;
    const isOwn = logprobs?.dialect === 'openai-responses';
    this.#logprobs = isOwn ? arrayAt({ lists: logprobs.value }, 'lists') : [];
    if (logprobs !== undefined && !isOwn) {
      losses.add('candidates[0].logprobs', `only ${logprobs.dialect} has these probabilities`);
    }
  }

  /** `last` is the status of the item at which the model stopped. */
  encode(last: ItemStatus): JsonObject[] {
    const runs = gatherSaid(this.#blocks, 'candidates[0].content', this.#losses);
    return runs.flatMap(([place, run], at) => {
      const status = at === runs.length - 1 ? last : 'completed';
      const [first] = run;
      if (isSaid(first!)) return [this.#message(run as readonly SaidBlock[], place, status)];
      const item = this.#item(first!, `candidates[0].content[${place}]`, status);
      return item === null ? [] : [item];
    });
  }

  #message(run: readonly SaidBlock[], place: number, status: ItemStatus): JsonObject {
    const content = run.map((block, at) => {
      const part = saidPart(block, `candidates[0].content[${place + at}]`, this.#losses);
      return block.type === 'text'
        ? { ...part, logprobs: this.#logprobs[this.#texts++] ?? [] }
        : part;
    });
    const { item } = run[0]!;
    const of = item === undefined ? {} : { item };
    return messageItem(this.#ids.of(item, 'message'), of, status, content);
  }

  #item(block: Block, path: string, status: ItemStatus): JsonObject | null {
    switch (block.type) {
      case 'tool_call': {
        leaveSignature(block, path, this.#losses);
        const call = { ...block, argumentsJson: block.argumentsJson || '{}' };
        return callItem(this.#ids.of(block.item, 'function_call'), block, status, call);
      }
      case 'thinking':
      case 'redacted_thinking':
        return reasoningItem(block, this.#unsigned, () => this.#ids.of(undefined, 'reasoning'));
      case 'native': {
        const item = ownBlock(block.native, 'item');
        if (item === undefined) this.#losses.add(path, `only ${block.native.dialect} has this`);
        return item ?? null;
      }
      default:
        this.#losses.add(path, `an answer has no place for ${block.type} here`);
        return null;
    }
  }
}
