// Why an answer stopped, in the words of Converse.

import type { Stop, StopReason } from '../canonical.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { StopWords } from '../stop-detail.ts';

const reasons: Readonly<Record<string, StopReason>> = {
  end_turn: 'end',
  stop_sequence: 'stop_sequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'context_full',
  tool_use: 'tool_call',
  content_filtered: 'content_filter',
  guardrail_intervened: 'content_filter',
  malformed_model_output: 'malformed',
  malformed_tool_use: 'malformed',
};

const words: Readonly<Record<StopReason, string>> = {
  end: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  context_full: 'model_context_window_exceeded',
  tool_call: 'tool_use',
  pause: 'end_turn',
  refusal: 'content_filtered',
  content_filter: 'content_filtered',
  malformed: 'malformed_model_output',
};

/**
 * Of a whole answer, or of the event `messageStop`. An unknown word is `end`, with the word kept in
 * `raw`. Claude tells the sequence where it is asked for, elsewhere in a stream than in an answer.
 */
export function decodeStop(answer: JsonObject): Stop {
  const raw = stringAt(answer, 'stopReason') ?? '';
  const reason = reasonOf(raw) ?? 'end';
  const fields = objectAt(answer, 'additionalModelResponseFields');
  const sequence =
    stringAt(fields, 'stop_sequence') ?? stringAt(objectAt(fields, 'delta'), 'stop_sequence');
  return sequence === undefined ? { reason, raw } : { reason, raw, sequence };
}

/** The upstream's own word where it is one of Converse for the same reason. */
export function encodeStop(stop: Stop): JsonObject {
  const stopReason = reasonOf(stop.raw) === stop.reason ? stop.raw : words[stop.reason];
  if (stop.sequence === undefined) return { stopReason };
  return { stopReason, additionalModelResponseFields: { stop_sequence: stop.sequence } };
}

function reasonOf(raw: string): StopReason | undefined {
  return Object.hasOwn(reasons, raw) ? reasons[raw] : undefined;
}

/** What a caller of this dialect can be told of it. */
export const stopWords: StopWords = { sequence: true, pause: false, malformed: true };
