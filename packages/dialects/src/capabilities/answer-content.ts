// What an upstream says in its answer, and what of it the caller reads.

import type { Block, CanonicalResponse } from '../canonical.ts';
import { some } from './contents.ts';
import { type AnswerFeature, carriedByAll, type Group, said } from './feature.ts';
import { dropped, emulated, lossy } from './verdict.ts';

const content = said('choices', 'output', 'content', 'output', 'candidates');

const text: AnswerFeature = {
  name: 'text of the answer',
  said: content,
  content: response => blocks(response, 'text', block => block.text),
  to: carriedByAll,
};

const calls: AnswerFeature = {
  name: 'calls of tools',
  said: content,
  content: response =>
    blocks(response, 'tool_call', ({ name, argumentsJson }) => [
      name,
      JSON.parse(argumentsJson || '{}'),
    ]),
  to: carriedByAll,
};

const thinking: AnswerFeature = {
  name: 'thinking, in words',
  said: content,
  content: response => blocks(response, 'thinking', block => block.text || null),
  to: carriedByAll,
};

const signatures: AnswerFeature = {
  name: 'signatures of thinking, sent back',
  isSentBack: 'as it came',
  said: content,
  content: response =>
    blocks(response, 'thinking', ({ signature, issuer }) =>
      signature === undefined ? null : [signature, issuer],
    ),
  to: carriedByAll,
};

const redacted: AnswerFeature = {
  name: 'thinking that is hidden, sent back',
  isSentBack: 'as it came',
  said: said(null, null, 'content', 'output', null),
  content: response => blocks(response, 'redacted_thinking', block => [block.data, block.issuer]),
  to: carriedByAll,
};

const callSignatures: AnswerFeature = {
  name: 'signatures of calls, sent back',
  isSentBack: 'as it came',
  said: said('choices', null, null, null, 'candidates'),
  content: response =>
    blocks(response, 'tool_call', ({ signature, issuer }) =>
      signature === undefined ? null : [signature, issuer],
    ),
  to: carriedByAll,
};

/** By a client that drops the fields that it does not know: openai's chat has none for it. */
const keptSignatures: AnswerFeature = {
  ...signatures,
  name: 'signatures of thinking, sent back in known fields',
  isSentBack: 'known fields alone',
  to: { ...carriedByAll, 'openai-chat': dropped('the model goes on without its thinking') },
};

const keptRedacted: AnswerFeature = {
  ...redacted,
  name: 'thinking that is hidden, sent back in known fields',
  isSentBack: 'known fields alone',
  to: { ...carriedByAll, 'openai-chat': dropped('the model goes on without its thinking') },
};

const keptCallSignatures: AnswerFeature = {
  ...callSignatures,
  name: 'signatures of calls, sent back in known fields',
  isSentBack: 'known fields alone',
  to: {
    ...carriedByAll,
    'openai-chat': dropped('Gemini 3 is told that there is no signature, and goes on'),
  },
};

const refusal: AnswerFeature = {
  name: 'refusals in words',
  said: said('choices', 'output', null, null, null),
  content: response => blocks(response, 'refusal', block => block.text),
  to: {
    ...carriedByAll,
    'anthropic-messages': emulated('as a text, with stop_reason refusal'),
    'bedrock-converse': emulated('as a text, with stopReason content_filtered'),
    gemini: emulated('as a text, with finishReason SAFETY'),
  },
};

const citations: AnswerFeature = {
  name: 'citations',
  said: content,
  content: response => blocks(response, 'text', block => block.citations ?? null),
  to: {
    ...carriedByAll,
    'openai-chat': lossy(
      'candidates[].content[].citations',
      'there are no citations in this dialect',
    ),
    'openai-responses': lossy(
      'candidates[].content[].citations',
      'citations of another dialect have no place here',
    ),
    'anthropic-messages': lossy('candidates[].content[].citations', 'they are citations of {from}'),
    'bedrock-converse': lossy('candidates[].content[].citations', 'only {from} has them'),
    gemini: lossy('candidates[].content[].citations', 'only {from} can carry these citations'),
  },
};

const hosted: AnswerFeature = {
  name: 'work of tools that the vendor runs',
  said: said(null, 'output', 'content', 'output', 'candidates'),
  content: response => blocks(response, 'native', block => block.native.value),
  to: {
    ...carriedByAll,
    'openai-chat': lossy('candidates[].content[]', 'there is no native in this dialect'),
    'openai-responses': lossy('candidates[].content[]', 'only {from} has this'),
    'anthropic-messages': lossy('candidates[].content[]', 'only {from} has this block'),
    'bedrock-converse': lossy('candidates[].content[]', 'only {from} has this block'),
    gemini: lossy('candidates[].content[]', 'only {from} can carry this block'),
  },
};

const logprobs: AnswerFeature = {
  name: 'logprobs of the answer',
  said: said('choices', 'output', null, null, 'candidates'),
  content: ({ candidates }) => candidates[0]?.logprobs?.value,
  to: {
    ...carriedByAll,
    'openai-chat': lossy('candidates[].logprobs', 'only {from} has these probabilities'),
    'openai-responses': lossy('candidates[].logprobs', 'only {from} has these probabilities'),
    'anthropic-messages': lossy(
      'candidates[].logprobs',
      'there are no probabilities in this dialect',
    ),
    'bedrock-converse': lossy('candidates[].logprobs', 'there are none here'),
    gemini: lossy('candidates[].logprobs', 'only {from} can carry these probabilities'),
  },
};

const several: AnswerFeature = {
  name: 'several answers',
  said: said('choices', null, null, null, 'candidates'),
  content: ({ candidates }) => (candidates.length > 1 ? candidates.length : undefined),
  to: {
    ...carriedByAll,
    'openai-responses': lossy('candidates[]', 'there is one answer in this dialect'),
    'anthropic-messages': lossy('candidates[]', 'there is one answer to a request here'),
    'bedrock-converse': lossy('candidates[]', 'there is one answer here'),
  },
};

export const answerContent: Group<AnswerFeature> = {
  title: 'What is said',
  features: [
    text,
    calls,
    thinking,
    signatures,
    redacted,
    callSignatures,
    keptSignatures,
    keptRedacted,
    keptCallSignatures,
    refusal,
    citations,
    hosted,
    logprobs,
    several,
  ],
};

/** null is a block without it. */
function blocks<T extends Block['type']>(
  { candidates }: Pick<CanonicalResponse, 'candidates'>,
  type: T,
  of: (block: Extract<Block, { type: T }>) => unknown,
): readonly unknown[] | undefined {
  const found = (candidates[0]?.content ?? []).filter(block => block.type === type);
  return some(found.map(block => of(block as Extract<Block, { type: T }>)).filter(x => x !== null));
}
