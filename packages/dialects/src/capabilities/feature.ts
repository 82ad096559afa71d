// The shape of a row of the capability table: one feature, how each dialect says it, and what
// becomes of it at each that answers.

import type { CanonicalRequest, CanonicalResponse } from '../canonical.ts';
import type { SpokenDialect } from './targets.ts';
import { carried, type Verdict } from './verdict.ts';

/** The field in which each dialect says it; null where it cannot be said. */
export type Said = Readonly<Record<SpokenDialect, string | null>>;

/** By dialect; `dialect/variant` where a target differs from the rest of its dialect. */
export type Cells = Readonly<Record<SpokenDialect, Verdict> & Partial<Record<string, Verdict>>>;

/** For a row to say only what differs. */
export const carriedByAll: Cells = {
  'openai-chat': carried,
  'openai-responses': carried,
  'anthropic-messages': carried,
  'bedrock-converse': carried,
  gemini: carried,
};

export interface Row {
  readonly name: string;
  readonly said: Said;
  readonly to: Cells;
  /**
   * Cells of one speaker that differ from `to`, since the dialect says the thing in its own way.
   */
  readonly from?: Readonly<
    Partial<Record<SpokenDialect, Readonly<Partial<Record<string, Verdict>>>>>
  >;
}

/** Asked by a caller, carried to an upstream. */
export interface RequestFeature extends Row {
  /** What of a request the feature is: compared before and after. undefined: it is not used. */
  content(request: CanonicalRequest): unknown;
}

/** Told by an upstream, in a whole answer and in a stream, carried to a caller. */
export interface AnswerFeature extends Row {
  /**
   * It is there for the next request: the caller's client sends it back. Some send back the fields
   * alone that the dialect's vendor documents.
   */
  readonly isSentBack?: 'as it came' | 'known fields alone';
  content(response: Pick<CanonicalResponse, 'candidates' | 'usage'>): unknown;
}

export interface Group<Feature> {
  readonly title: string;
  readonly features: readonly Feature[];
}

/** In the order of the dialects' names: chat, responses, messages, converse, gemini. */
export function said(
  chat: string | null,
  responses: string | null,
  messages: string | null,
  converse: string | null,
  gemini: string | null,
): Said {
  return {
    'openai-chat': chat,
    'openai-responses': responses,
    'anthropic-messages': messages,
    'bedrock-converse': converse,
    gemini,
  };
}

/**
 * The verdict of one cell; undefined where the speaker cannot say it. Between two that speak the
 * same dialect bytes pass through as they are.
 */
export function cell(row: Row, from: SpokenDialect, target: string): Verdict | undefined {
  if (row.said[from] === null) return undefined;
  const [dialect] = target.split('/') as [SpokenDialect];
  if (dialect === from) return carried;
  const own = row.from?.[from];
  return own?.[target] ?? own?.[dialect] ?? row.to[target] ?? row.to[dialect];
}
