// The canonical answer as a Messages body. The dialect has one answer to a request: of others none
// can be told.

import type { Block, CanonicalResponse } from '../canonical.ts';
import { carrySignatures } from '../carried-signature.ts';
import type { AnswerContext, EncodedRequest } from '../dialect.ts';
import { isObject, type JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { seal } from '../sealed-signature.ts';
import { leaveSignature } from '../signed.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { toolInput } from '../tool-input.ts';
import { bytesOf } from '../utf8.ts';
import { ownIssuer } from './own-issuer.ts';
import { encodeStop, stopWords } from './stop.ts';
import { encodeUsage } from './usage.ts';

export function encodeResponse(
  response: CanonicalResponse,
  context: AnswerContext,
): EncodedRequest {
  const losses = new Losses();
  const [first, ...others] = response.candidates;
  for (const place of others.keys()) {
    losses.add(`candidates[${place + 1}]`, 'there is one answer to a request here');
  }
  if (first?.logprobs !== undefined) {
    losses.add('candidates[0].logprobs', 'there are no probabilities in this dialect');
  }
  if (first !== undefined) leaveStopDetail(first.stop, stopWords, 0, losses);
  const content = carrySignatures(first?.content ?? []);
  const body = {
    id: response.id || context.id,
    type: 'message',
    role: 'assistant',
    model: response.model || context.model,
    content: content.flatMap((block, place) =>
      encodeBlock(block, `candidates[0].content[${place}]`, losses),
    ),
    stop_reason: encodeStop(first?.stop.reason ?? 'end'),
    stop_sequence: first?.stop.sequence ?? null,
    usage: encodeUsage(response.usage),
  };
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

function encodeBlock(block: Block, path: string, losses: Losses): JsonObject[] {
  switch (block.type) {
    case 'text': {
      const { type, text, citations } = block;
      leaveSignature(block, path, losses);
      if (citations?.dialect === 'anthropic-messages') {
        return [{ type, text, citations: citations.value }];
      }
      if (citations !== undefined) {
        losses.add(`${path}.citations`, `they are citations of ${citations.dialect}`);
      }
      return text === '' ? [] : [{ type, text }];
    }
    case 'refusal':
      return block.text === '' ? [] : [{ type: 'text', text: block.text }];
    case 'thinking': {
      const { type, text, signature, issuer } = block;
      return [
        { type, thinking: text, signature: signature ? seal(signature, issuer, ownIssuer) : '' },
      ];
    }
    case 'redacted_thinking':
      return [{ type: block.type, data: seal(block.data, block.issuer, ownIssuer) }];
    case 'tool_call': {
      leaveSignature(block, path, losses);
      const input = toolInput(block.argumentsJson);
      if (input === null) {
        losses.add(`${path}.argumentsJson`, 'the arguments are no JSON object');
      }
      return [{ type: 'tool_use', id: block.id, name: block.name, input: input ?? {} }];
    }
    case 'native':
      if (block.native.dialect === 'anthropic-messages' && isObject(block.native.value)) {
        return [block.native.value];
      }
      losses.add(path, `only ${block.native.dialect} has this block`);
      return [];
    default:
      losses.add(path, `an answer has no ${block.type} here`);
      return [];
  }
}
