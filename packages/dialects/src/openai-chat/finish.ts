// Why an answer stopped, in the words of Chat Completions and of hosts that imitate it.

import type { Stop, StopReason } from '../canonical.ts';
import type { StopWords } from '../stop-detail.ts';

const reasons: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'tool_call',
  function_call: 'tool_call',
  content_filter: 'content_filter',
  // Words of compatible hosts: TGI, Mistral, and gateways that leave another vendor's word.
  eos: 'end',
  eos_token: 'end',
  end_turn: 'end',
  stop_sequence: 'stop_sequence',
  max_tokens: 'length',
  model_length: 'context_full',
  tool_use: 'tool_call',
};

const words: Readonly<Record<StopReason, string>> = {
  end: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  context_full: 'length',
  tool_call: 'tool_calls',
  pause: 'stop',
  refusal: 'content_filter',
  content_filter: 'content_filter',
  malformed: 'stop',
};

/** What else is known of the answer: hosts say `stop` also after tool calls and refusals. */
export interface Said {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/** An unknown word is `end`, with the word kept in `raw`. */
export function decodeFinish(raw: string, said: Said): Stop {
  const reason = (Object.hasOwn(reasons, raw) ? reasons[raw] : undefined) ?? 'end';
  if (reason !== 'end') return { reason, raw };
  if (said.toolCalls) return { reason: 'tool_call', raw };
  return { reason: said.refusal ? 'refusal' : 'end', raw };
}

/** A refusal in words finishes with `stop`; one without words can only be a filter's. */
export function encodeFinish(stop: Stop, said: Pick<Said, 'refusal'>): string {
  return stop.reason === 'refusal' && said.refusal ? 'stop' : words[stop.reason];
}

/** What a caller of this dialect can be told of it. */
export const stopWords: StopWords = { sequence: false, pause: false, malformed: false };
