// Why an answer stopped, in Gemini's words (FinishReason and BlockedReason of both APIs, as listed
// by the SDK @google/genai 3.1.0).

import type { Stop, StopReason } from '../canonical.ts';
import type { StopWords } from '../stop-detail.ts';

const reasons: Readonly<Record<string, StopReason>> = {
  STOP: 'end',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  LANGUAGE: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  MODEL_ARMOR: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
  IMAGE_OTHER: 'content_filter',
  MALFORMED_FUNCTION_CALL: 'malformed',
  UNEXPECTED_TOOL_CALL: 'malformed',
  TOO_MANY_TOOL_CALLS: 'malformed',
  MISSING_THOUGHT_SIGNATURE: 'malformed',
  MALFORMED_RESPONSE: 'malformed',
  CONTINUATION: 'pause',
};

const words: Readonly<Record<StopReason, string>> = {
  end: 'STOP',
  stop_sequence: 'STOP',
  length: 'MAX_TOKENS',
  context_full: 'MAX_TOKENS',
  tool_call: 'STOP',
  pause: 'OTHER',
  refusal: 'SAFETY',
  content_filter: 'SAFETY',
  malformed: 'MALFORMED_FUNCTION_CALL',
};

/** Numbers that mean the same in both APIs; the later ones do not. */
const numbered = ['FINISH_REASON_UNSPECIFIED', 'STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION'];

/** The word of `finishReason`, which Vertex AI writes as a number when asked to; null for none. */
export function finishWord(value: unknown): string | null {
  const word = typeof value === 'number' ? (numbered[value] ?? String(value)) : value;
  if (typeof word !== 'string' || word === '' || word === 'FINISH_REASON_UNSPECIFIED') return null;
  return word;
}

/**
 * An unknown word is `end`, with the word kept in `raw`. Calls of functions finish with STOP too.
 */
export function decodeFinish(raw: string, hasCalls: boolean): Stop {
  const reason = (Object.hasOwn(reasons, raw) ? reasons[raw] : undefined) ?? 'end';
  return { reason: reason === 'end' && hasCalls ? 'tool_call' : reason, raw };
}

/** A prompt that was refused has no candidate: the reason stands beside them. */
export function blockedStop(blockReason: string): Stop {
  return { reason: 'content_filter', raw: blockReason };
}

/** The upstream's own word where it is one of these and means the same. */
export function encodeFinish(stop: Stop): string {
  const own = Object.hasOwn(reasons, stop.raw) && reasons[stop.raw] === stop.reason;
  return own ? stop.raw : words[stop.reason];
}

/** What a caller of this dialect can be told of it. */
export const stopWords: StopWords = { sequence: false, pause: false, malformed: true };
