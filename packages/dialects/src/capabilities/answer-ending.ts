// Why an answer stopped, and what it counts.

import type { StopReason, Usage } from '../canonical.ts';
import { type AnswerFeature, carriedByAll, type Group, type Said, said } from './feature.ts';
import { emulated, lossy } from './verdict.ts';

const stop = said('choices', 'status', 'stop_reason', 'stopReason', 'candidates');
const counted = said('usage', 'usage', 'usage', 'usage', 'usageMetadata');

const ended: AnswerFeature = stopped('the model has ended', 'end', stop, carriedByAll);

const toCall: AnswerFeature = stopped('a tool is to be called', 'tool_call', stop, carriedByAll);

const full: AnswerFeature = stopped(
  'the answer is cut at its most tokens',
  'length',
  stop,
  carriedByAll,
);

const sequence: AnswerFeature = {
  name: 'the stop sequence that was met',
  said: said(null, null, 'stop_sequence', 'additionalModelResponseFields', null),
  content: ({ candidates }) => candidates[0]?.stop.sequence,
  to: {
    ...carriedByAll,
    'openai-chat': lossy(
      'candidates[].stop.sequence',
      'the stop sequence that was met is not named here',
    ),
    'openai-responses': lossy(
      'candidates[].stop.sequence',
      'the stop sequence that was met is not named here',
    ),
    gemini: lossy('candidates[].stop.sequence', 'the stop sequence that was met is not named here'),
  },
};

const contextFull: AnswerFeature = stopped(
  'the context is full',
  'context_full',
  said(null, null, 'stop_reason', 'stopReason', null),
  {
    ...carriedByAll,
    'openai-chat': emulated('as finish_reason length'),
    'openai-responses': emulated('as incomplete for max_output_tokens'),
    gemini: emulated('as finishReason MAX_TOKENS'),
  },
);

const refused: AnswerFeature = stopped(
  'the model refused',
  'refusal',
  said(null, null, 'stop_reason', null, null),
  {
    ...carriedByAll,
    'openai-chat': emulated('as finish_reason content_filter'),
    'openai-responses': emulated('as incomplete for content_filter'),
    'bedrock-converse': emulated('as stopReason content_filtered'),
    gemini: emulated('as finishReason SAFETY'),
  },
);

const filtered: AnswerFeature = stopped(
  'a filter blocked the answer',
  'content_filter',
  said('choices', 'status', null, 'stopReason', 'candidates'),
  { ...carriedByAll, 'anthropic-messages': emulated('as stop_reason refusal') },
);

const blockedPrompt: AnswerFeature = {
  name: 'a filter blocked the prompt',
  said: said(null, null, null, null, 'promptFeedback'),
  content: ({ candidates }) =>
    candidates[0]?.content.length === 0 && candidates[0].stop.reason === 'content_filter'
      ? 'content_filter'
      : undefined,
  to: {
    ...carriedByAll,
    'anthropic-messages': emulated('as an empty answer with stop_reason refusal'),
  },
};

const paused: AnswerFeature = stopped(
  'the vendor paused the turn',
  'pause',
  said(null, null, 'stop_reason', null, null),
  {
    ...carriedByAll,
    'openai-chat': lossy(
      'candidates[].stop',
      'the turn was paused, and there is no word for it here',
    ),
    'openai-responses': lossy(
      'candidates[].stop',
      'the turn was paused, and there is no word for it here',
    ),
    'bedrock-converse': lossy(
      'candidates[].stop',
      'the turn was paused, and there is no word for it here',
    ),
    gemini: lossy('candidates[].stop', 'the turn was paused, and there is no word for it here'),
  },
);

const malformed: AnswerFeature = stopped(
  'a call that cannot be read',
  'malformed',
  said(null, null, null, 'stopReason', 'candidates'),
  {
    ...carriedByAll,
    'openai-chat': lossy(
      'candidates[].stop',
      'the model wrote a call that cannot be read, and there is no word for it here',
    ),
    'openai-responses': emulated('as status failed'),
    'anthropic-messages': lossy(
      'candidates[].stop',
      'the model wrote a call that cannot be read, and there is no word for it here',
    ),
  },
);

const usage: AnswerFeature = usageOf(
  'usage: input and output',
  ({ inputTokens, outputTokens }) => [inputTokens, outputTokens],
  counted,
  carriedByAll,
);

const cachedUsage: AnswerFeature = usageOf(
  'usage: read from the cache',
  ({ cachedReadTokens }) => cachedReadTokens || undefined,
  counted,
  carriedByAll,
);

const writtenUsage: AnswerFeature = usageOf(
  'usage: written to the cache',
  ({ cacheWrite5mTokens, cacheWrite1hTokens }) =>
    cacheWrite5mTokens + cacheWrite1hTokens || undefined,
  said('usage', 'usage', 'usage', 'usage', null),
  { ...carriedByAll, gemini: emulated('counted among the input') },
);

const reasoningUsage: AnswerFeature = usageOf(
  'usage: reasoning',
  ({ reasoningTokens }) => reasoningTokens ?? undefined,
  said('usage', 'usage', 'usage', null, 'usageMetadata'),
  { ...carriedByAll, 'bedrock-converse': emulated('counted among the output') },
);

const tier: AnswerFeature = usageOf(
  'the service tier that served it',
  ({ serviceTier }) => serviceTier ?? undefined,
  said('service_tier', 'service_tier', 'usage', 'serviceTier', 'usageMetadata'),
  carriedByAll,
);

export const answerEnding: Group<AnswerFeature> = {
  title: 'How it ends, and what it counts',
  features: [
    ended,
    toCall,
    full,
    sequence,
    contextFull,
    refused,
    filtered,
    blockedPrompt,
    paused,
    malformed,
    usage,
    cachedUsage,
    writtenUsage,
    reasoningUsage,
    tier,
  ],
};

function stopped(
  name: string,
  reason: StopReason,
  fields: Said,
  to: AnswerFeature['to'],
  from?: AnswerFeature['from'],
): AnswerFeature {
  const content: AnswerFeature['content'] = ({ candidates }) =>
    candidates[0]?.stop.reason === reason ? reason : undefined;
  return { name, said: fields, content, to, ...(from === undefined ? {} : { from }) };
}

function usageOf(
  name: string,
  of: (usage: Usage) => unknown,
  fields: Said,
  to: AnswerFeature['to'],
  from?: AnswerFeature['from'],
): AnswerFeature {
  return {
    name,
    said: fields,
    content: ({ usage: counts }) => (counts === null ? undefined : of(counts)),
    to,
    ...(from === undefined ? {} : { from }),
  };
}
