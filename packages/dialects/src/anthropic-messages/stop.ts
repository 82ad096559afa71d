// Why an answer stopped, in the words of Messages.

import type { Stop, StopReason } from '../canonical.ts';
import type { StopWords } from '../stop-detail.ts';

const reasons: Readonly<Record<string, StopReason>> = {
  end_turn: 'end',
  stop_sequence: 'stop_sequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'context_full',
  tool_use: 'tool_call',
  pause_turn: 'pause',
  refusal: 'refusal',
};

const words: Readonly<Record<StopReason, string>> = {
  end: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  context_full: 'model_context_window_exceeded',
  tool_call: 'tool_use',
  pause: 'pause_turn',
  refusal: 'refusal',
  content_filter: 'refusal',
  malformed: 'end_turn',
};

/** An unknown word is `end`, with the word kept in `raw`. */
export function decodeStop(raw: string, sequence: string | undefined): Stop {
  const reason = (Object.hasOwn(reasons, raw) ? reasons[raw] : undefined) ?? 'end';
  return sequence === undefined ? { reason, raw } : { reason, raw, sequence };
}

export function encodeStop(reason: StopReason): string {
  return words[reason];
}

/** What a caller of this dialect can be told of it. */
export const stopWords: StopWords = { sequence: true, pause: true, malformed: false };
