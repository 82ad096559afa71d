// What a recorded answer fails with, read by the vendor's documentation: from its status, or from
// what it says with status 200.

import type { Exchange } from './exchange.ts';
import { type Fields, fieldsAt, objectOf, textOf } from './fields.ts';
import type { Caller } from './fronts.ts';
import { eventsOf, framesOf, unframed } from './gathered.ts';

export interface Failed {
  readonly kind: Kind;
  readonly message: string;
}

/** `upstream` is no answer at all. */
export type Kind = 'invalid' | 'missing' | 'quota' | 'rate' | 'upstream';

/** null for an answer. */
export function failureOf({ status, stream, body }: Exchange): Failed | null {
  if (!stream || status >= 400) {
    const whole = JSON.parse(body.toString()) as Fields;
    const error = objectOf(whole.error ?? whole);
    if (status < 400 && (whole.error === undefined || whole.error === null)) return null;
    return failed(status < 400 ? Number(error.status) : status, error);
  }
  const said = eventsOf(body).find(({ type }) => type === 'error');
  return said === undefined ? null : failed(0, objectOf(said.error));
}

function failed(status: number, error: Fields): Failed {
  const message = textOf(error.message);
  if (error.code === 'insufficient_quota') return { kind: 'quota', message };
  if (status === 429) return { kind: 'rate', message };
  const isMissing = status === 404 || /does not exist|identifier is invalid/.test(message);
  return { kind: isMissing ? 'missing' : 'invalid', message };
}

type Words = Readonly<Record<Kind, readonly [status: number, word: string]>>;

const openaiWords: Words = {
  invalid: [400, 'invalid_request_error'],
  missing: [404, 'invalid_request_error'],
  quota: [429, 'insufficient_quota'],
  rate: [429, 'rate_limit_error'],
  upstream: [502, 'server_error'],
};

/** The status and the word that each dialect has for a failure. */
export const errorWords: Readonly<Record<Caller, Words>> = {
  'openai-chat': openaiWords,
  'openai-responses': openaiWords,
  'anthropic-messages': {
    invalid: [400, 'invalid_request_error'],
    missing: [404, 'not_found_error'],
    quota: [429, 'rate_limit_error'],
    rate: [429, 'rate_limit_error'],
    upstream: [500, 'api_error'],
  },
  gemini: {
    invalid: [400, 'INVALID_ARGUMENT'],
    missing: [404, 'NOT_FOUND'],
    quota: [429, 'RESOURCE_EXHAUSTED'],
    rate: [429, 'RESOURCE_EXHAUSTED'],
    upstream: [502, 'INTERNAL'],
  },
  'bedrock-converse': {
    invalid: [400, 'ValidationException'],
    missing: [404, 'ResourceNotFoundException'],
    quota: [400, 'ServiceQuotaExceededException'],
    rate: [429, 'ThrottlingException'],
    upstream: [500, 'InternalServerException'],
  },
};

/** Fixtures that somebody broke by hand, so that no reader can tell what they say. */
const brokenByHand = /spliced-message-start|parallel-tool-call-wrapper\.1\.chunks/;

/** A stream that ends without what its dialect ends with, or is none: half an answer. */
export function isBroken({ file, dialect, place, stream, body }: Exchange): boolean {
  if (brokenByHand.test(file)) return true;
  if (!stream) return false;
  if (dialect === 'bedrock-converse') return !framesOf(body).some(([name]) => name === 'metadata');
  const events = eventsOf(place.includes('InvokeModel') ? unframed(body) : body);
  switch (dialect) {
    case 'openai-chat':
      return !body.includes('[DONE]');
    case 'openai-responses':
      return !/^response\.(completed|incomplete)$/.test(textOf(events.at(-1)?.type));
    case 'anthropic-messages':
      return events.at(-1)?.type !== 'message_stop';
    default:
      return !events.some(event => fieldsAt(event, 'candidates').some(c => c.finishReason));
  }
}
