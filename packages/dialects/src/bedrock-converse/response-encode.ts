// The canonical answer as a Converse body.

import { CallIds } from '../call-ids.ts';
import type { Block, CanonicalResponse } from '../canonical.ts';
import { carrySignatures } from '../carried-signature.ts';
import type { EncodedRequest } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { seal } from '../sealed-signature.ts';
import { leaveSignature } from '../signed.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { toolInput } from '../tool-input.ts';
import { bytesOf } from '../utf8.ts';
import { isBase64 } from './block-encode.ts';
import { callIdRules } from './call-ids.ts';
import { encodeImage } from './media-encode.ts';
import { ownValue } from './native.ts';
import { encodeStop, stopWords } from './stop.ts';
import { encodeUsage } from './usage.ts';
import { usualIssuer } from './vendor.ts';

/** How long the model took is not known here, and every answer says it. */
export const metrics: JsonObject = { metrics: { latencyMs: 0 } };

/** Neither id nor model stands in the body. */
export function encodeResponse(response: CanonicalResponse): EncodedRequest {
  const losses = new Losses();
  const [first, ...others] = response.candidates;
  for (const { index } of others) losses.add(`candidates[${index}]`, 'there is one answer here');
  if (first !== undefined) leaveStopDetail(first.stop, stopWords, 0, losses);
  const blocks = carrySignatures(first?.content ?? []);
  const callIds = new CallIds([{ role: 'assistant', content: blocks }], callIdRules(''));
  const content = blocks.flatMap((block, place) =>
    encodeBlock(block, callIds, `candidates[0].content[${place}]`, losses),
  );
  if (first?.logprobs !== undefined) losses.add('candidates[0].logprobs', 'there are none here');
  const body = {
    output: { message: { role: 'assistant', content } },
    ...encodeStop(first?.stop ?? { reason: 'end', raw: '' }),
    ...encodeUsage(response.usage),
    ...metrics,
  };
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

function encodeBlock(block: Block, callIds: CallIds, path: string, losses: Losses): JsonObject[] {
  const lose = (at: string, reason: string): JsonObject[] => {
    losses.add(at, reason);
    return [];
  };
  switch (block.type) {
    case 'text': {
      const { text, citations } = block;
      leaveSignature(block, path, losses);
      if (citations?.dialect === 'bedrock-converse') {
        return [{ citationsContent: { content: [{ text }], citations: citations.value } }];
      }
      if (citations !== undefined) lose(`${path}.citations`, `only ${citations.dialect} has them`);
      return text === '' ? [] : [{ text }];
    }
    case 'refusal':
      return block.text === '' ? [] : [{ text: block.text }];
    case 'thinking': {
      const { text, signature: opaque, issuer } = block;
      const signed =
        opaque === undefined ? {} : { signature: seal(opaque, issuer ?? usualIssuer, usualIssuer) };
      return [{ reasoningContent: { reasoningText: { text, ...signed } } }];
    }
    case 'redacted_thinking':
      if (!isBase64(block.data)) return lose(path, 'hidden thinking is base64 here');
      return [{ reasoningContent: { redactedContent: block.data } }];
    case 'tool_call': {
      leaveSignature(block, path, losses);
      const input = toolInput(block.argumentsJson);
      if (input === null) lose(`${path}.argumentsJson`, 'arguments must be a JSON object here');
      const { id, name } = block;
      return [{ toolUse: { toolUseId: callIds.write(id), name, input: input ?? {} } }];
    }
    case 'image': {
      const written = encodeImage(block);
      return typeof written === 'string' ? lose(path, written) : [written];
    }
    case 'native': {
      const own = ownValue(block.native);
      return own === null ? lose(path, `only ${block.native.dialect} has this block`) : [own];
    }
    default:
      return lose(path, `there is no ${block.type} in an answer here`);
  }
}
