// A whole answer of an upstream to the canonical form. It has one candidate: its items in their
// order.

import type { CanonicalResponse, Usage } from '../canonical.ts';
import { createdSecondsOf } from '../created-seconds.ts';
import { type AnswerContext, DialectError } from '../dialect.ts';
import { type JsonObject, numberAt, objectsAt, parseJsonObject, stringAt } from '../json.ts';
import { errorOfResponse } from './errors.ts';
import { native } from './native.ts';
import { decodeItem, logprobsOf } from './output-decode.ts';
import { decodeStop, stopRawOf } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** Throws DialectError: not an answer, or one that failed. */
export function decodeResponse(bytes: Uint8Array, context: AnswerContext): CanonicalResponse {
  const response = readResponse(bytes);
  const id = stringAt(response, 'id') || context.id;
  const created = numberAt(response, 'created_at');
  const output = objectsAt(response, 'output');
  const content = output.flatMap((item, place) => decodeItem(item, callIdOf(id, place)));
  const said = {
    toolCalls: content.some(block => block.type === 'tool_call'),
    refusal: content.some(block => block.type === 'refusal'),
  };
  const logprobs = logprobsOf(output);
  const candidate = { index: 0, content, stop: decodeStop(response, said) };
  return {
    id,
    model: stringAt(response, 'model') || context.model,
    ...createdSecondsOf(created),
    candidates: [logprobs === null ? candidate : { ...candidate, logprobs: native(logprobs) }],
    usage: decodeUsage(response),
  };
}

/** The id of a call that came without one, in the answer and in its stream. */
export function callIdOf(answerId: string, place: number): string {
  return `call_${answerId}_${place}`;
}

/** Usage and stop reason of an answer that passes through. Throws as `decodeResponse`. */
export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: string | null } {
  const response = readResponse(bytes);
  return { usage: decodeUsage(response), stopRaw: stopRawOf(response) || null };
}

function readResponse(bytes: Uint8Array): JsonObject {
  const response = parseJsonObject(bytes, 'upstream');
  const error = errorOfResponse(response);
  if (error !== null) throw new DialectError(error);
  if (Array.isArray(response.output)) return response;
  throw new DialectError({ class: 'upstream', message: 'The answer has no output.' });
}
