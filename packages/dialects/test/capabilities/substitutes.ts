// What stands in a body where the capability table says `emulated`: the substitute that its words
// describe. Every feature with an emulation has one here.

import type { Fields } from './samples/body.ts';

type IsThere = (body: Fields) => boolean;

const holds =
  (pattern: RegExp): IsThere =>
  body =>
    pattern.test(JSON.stringify(body));
const lacks =
  (pattern: RegExp): IsThere =>
  body =>
    !pattern.test(JSON.stringify(body));

/** By the name of the feature and the words of the cell. */
export const substitutes: Readonly<Record<string, Readonly<Record<string, IsThere>>>> = {
  'developer message': {
    'as the system prompt': body =>
      holds(/"system(Instruction)?":.*be brief/)(body) ||
      holds(/\{"role":"system","content":"be brief"\}/)(body),
  },
  'some of the tools may be called': {
    'the other tools are left out': body => holds(/clock/)(body) && lacks(/weather/)(body),
  },
  'answers of tools that failed': {
    'the text begins with "Error: "': holds(/Error: no such city/),
  },
  'documents of plain text': {
    'as a text of the user': holds(/"text":"once upon a time"/),
    'as the bytes of a text file': holds(/"format":"txt","source":\{"bytes":"b25jZSB1/),
  },
  'reasoning, by an effort': {
    'by a budget of tokens': holds(/"budget_tokens":4096|"thinkingBudget":24576/),
  },
  'reasoning, as the model sees fit': {
    'by a budget of 2048 tokens': holds(/"budget_tokens":2048/),
    'as reasoning that is switched on': holds(/"reasoningConfig":\{"type":"enabled"\}/),
    'left unsaid: the model decides by itself': lacks(/effort|thinkingBudget|thinkingLevel/),
  },
  'refusals in words': {
    'as a text, with stop_reason refusal': holds(/"text":"no".*"stop_reason":"refusal"/),
    'as a text, with stopReason content_filtered': holds(/"text":"no".*"content_filtered"/),
    'as a text, with finishReason SAFETY': holds(/"text":"no".*"SAFETY"/),
  },
  'the context is full': {
    'as finish_reason length': holds(/"finish_reason":"length"/),
    'as incomplete for max_output_tokens': holds(/"reason":"max_output_tokens"/),
    'as finishReason MAX_TOKENS': holds(/"MAX_TOKENS"/),
  },
  'the model refused': {
    'as finish_reason content_filter': holds(/"finish_reason":"content_filter"/),
    'as incomplete for content_filter': holds(/"reason":"content_filter"/),
    'as stopReason content_filtered': holds(/"stopReason":"content_filtered"/),
    'as finishReason SAFETY': holds(/"finishReason":"SAFETY"/),
  },
  'a filter blocked the answer': {
    'as stop_reason refusal': holds(/"stop_reason":"refusal"/),
  },
  'a filter blocked the prompt': {
    'as an empty answer with stop_reason refusal': holds(/"content":\[\],"stop_reason":"refusal"/),
  },
  'a call that cannot be read': { 'as status failed': holds(/"status":"failed"/) },
  'usage: written to the cache': {
    'counted among the input': holds(/"promptTokenCount":1[03]/),
  },
  'usage: reasoning': { 'counted among the output': holds(/"outputTokens":[57]/) },
  'no reasoning': {
    'left unsaid: the model does not reason': lacks(/effort|thinking/),
  },
};
