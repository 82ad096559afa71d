// The verdict of one cell of the capability table that is about answers, as it is in truth: the
// upstream's sample, read, written for the caller and read again; or, for what the caller's client
// sends back, read from its next request.

import { isDeepStrictEqual } from 'node:util';
import type { CanonicalRequest, CanonicalResponse } from '@entrepot/dialects/canonical';
import type { AnswerFeature } from '@entrepot/dialects/capabilities/feature';
import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import type { Dialect } from '@entrepot/dialects/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { dialects } from './dialects.ts';
import { decode, type Judged, plain, told } from './judged.ts';
import { withoutUnknown } from './known-fields.ts';
import type { Fields } from './samples/body.ts';

export function decodeAnswer(upstream: Dialect, sample: Fields): CanonicalResponse {
  return upstream.decodeResponse(Buffer.from(JSON.stringify(sample)), {}, answerContext);
}

export function judgeAnswer(
  feature: AnswerFeature,
  answer: CanonicalResponse,
  caller: SpokenDialect,
): Judged {
  const { body, losses } = dialects[caller].encodeResponse(answer, answerContext);
  const wire = JSON.parse(String(Buffer.from(body))) as Fields;
  if (losses.length > 0) return { is: 'lossy', losses: losses.map(told), body: wire };
  // A failed answer is one in openai-responses, and an error to all that read it.
  if (wire.status === 'failed') return { is: 'changed', losses: [], body: wire };
  const again =
    feature.isSentBack === undefined
      ? dialects[caller].decodeResponse(body, {}, answerContext)
      : sentBack(nextOf(feature, caller, wire));
  const isSame = isDeepStrictEqual(plain(feature.content(again)), plain(feature.content(answer)));
  return { is: isSame ? 'carried' : 'changed', losses: [], body: wire };
}

/** What the caller asks next, with the answer as its client keeps it. */
export function nextOf(
  { isSentBack }: AnswerFeature,
  caller: SpokenDialect,
  wire: Fields,
): CanonicalRequest {
  const kept = isSentBack === 'known fields alone' ? withoutUnknown(caller, wire) : wire;
  return decode(dialects[caller], nextRequest[caller](kept), false);
}

/** The answer as the caller's next request tells it. */
function sentBack(request: CanonicalRequest): Pick<CanonicalResponse, 'candidates' | 'usage'> {
  const content = request.messages.findLast(({ role }) => role === 'assistant')?.content ?? [];
  return { candidates: [{ index: 0, content, stop: { reason: 'end', raw: '' } }], usage: null };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of five dialects, taken apart
type Loose = any;

/** What each dialect's own client sends after an answer. */
const nextRequest: Readonly<Record<SpokenDialect, (wire: Loose) => Fields>> = {
  'openai-chat': ({ choices }) => ({
    model: 'm',
    messages: [{ role: 'user', content: 'a' }, choices[0].message],
  }),
  'openai-responses': ({ output }) => ({
    model: 'm',
    input: [{ role: 'user', content: 'a' }, ...output],
  }),
  'anthropic-messages': ({ content }) => ({
    model: 'm',
    max_tokens: 100,
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content },
    ],
  }),
  'bedrock-converse': ({ output }) => ({
    messages: [{ role: 'user', content: [{ text: 'a' }] }, output.message],
  }),
  gemini: ({ candidates }) => ({
    contents: [{ role: 'user', parts: [{ text: 'a' }] }, candidates[0].content],
  }),
};
