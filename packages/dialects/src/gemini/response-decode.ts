// A whole answer of an upstream to the canonical form. Tolerant: a field that is missing or of a
// wrong type is taken for absent.

import type { Block, Candidate, CanonicalResponse, Native, Stop, Usage } from '../canonical.ts';
import { createdSecondsOf } from '../created-seconds.ts';
import { type AnswerContext, DialectError } from '../dialect.ts';
import {
  isObject,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  parseJson,
  stringAt,
} from '../json.ts';
import { errorInside } from './errors.ts';
import { blockedStop, decodeFinish, finishWord } from './finish.ts';
import { citationsOf, pick, readPart } from './part-read.ts';
import { decodeUsage } from './usage.ts';

/** Throws DialectError: not an answer, or an error that came with status 200. */
export function decodeResponse(bytes: Uint8Array, context: AnswerContext): CanonicalResponse {
  const body = readAnswer(bytes);
  const createdMs = Date.parse(stringAt(body, 'createTime') ?? '');
  const id = stringAt(body, 'responseId') || context.id;
  const blocked = blockedOf(body);
  const candidates = objectsAt(body, 'candidates').map((candidate, place) =>
    decodeCandidate(candidate, place, id),
  );
  return {
    id,
    model: stringAt(body, 'modelVersion') || context.model,
    ...createdSecondsOf(createdMs / 1000),
    candidates: blocked === null ? candidates : [{ index: 0, content: [], stop: blocked }],
    usage: decodeUsage(body),
  };
}

/** Usage and stop reason of an answer that passes through. Throws as `decodeResponse`. */
export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: string | null } {
  const body = readAnswer(bytes);
  const stopRaw =
    blockedOf(body)?.raw ?? finishWord(objectsAt(body, 'candidates')[0]?.finishReason);
  return { usage: decodeUsage(body), stopRaw };
}

/** The stop of a prompt that was refused: there is no candidate then. */
export function blockedOf(body: JsonObject): Stop | null {
  if (objectsAt(body, 'candidates').length > 0) return null;
  const reason = stringAt(objectAt(body, 'promptFeedback'), 'blockReason');
  return reason ? blockedStop(reason) : null;
}

function readAnswer(bytes: Uint8Array): JsonObject {
  const body = parseJson(bytes, 'upstream');
  const error = errorInside(body);
  if (error !== null) throw new DialectError(error);
  if (isObject(body)) {
    if (objectsAt(body, 'candidates').length > 0 || blockedOf(body) !== null) return body;
  }
  throw new DialectError({ class: 'upstream', message: 'The answer has no candidates.' });
}

function decodeCandidate(candidate: JsonObject, place: number, id: string): Candidate {
  const index = numberAt(candidate, 'index') ?? place;
  const content: Block[] = [];
  for (const part of objectsAt(objectAt(candidate, 'content'), 'parts')) {
    const block = decodePart(part, `call_${id}_${index}_${content.length}`);
    if (block !== null) content.push(block);
  }
  cite(content, citationsOf(candidate));
  const hasCalls = content.some(block => block.type === 'tool_call');
  const logprobs = pick(candidate, ['logprobsResult']);
  return {
    index,
    content,
    stop: decodeFinish(finishWord(candidate.finishReason) ?? '', hasCalls),
    ...(logprobs === null ? {} : { logprobs: native(logprobs) }),
  };
}

/** `madeUpId` is for a call that has none. */
function decodePart(part: JsonObject, madeUpId: string): Block | null {
  const said = readPart(part);
  switch (said?.type) {
    case undefined:
      return null;
    case 'call': {
      const { type: _, call, ...signed } = said;
      const id = stringAt(call, 'id') || madeUpId;
      const name = stringAt(call, 'name') ?? '';
      return { type: 'tool_call', id, name, argumentsJson: argumentsText(call), ...signed };
    }
    case 'native':
      return { type: 'native', native: native(said.part) };
    default:
      return said as Block;
  }
}

export function argumentsText(call: JsonObject): string {
  return isObject(call.args) ? JSON.stringify(call.args) : '';
}

/** Sources are of the whole answer here; they stand with the last of its texts. */
function cite(content: Block[], citations: JsonObject | null): void {
  const at = content.findLastIndex(block => block.type === 'text');
  const block = content[at];
  if (citations === null || block?.type !== 'text') return;
  content[at] = { ...block, citations: native(citations) };
}

function native(value: unknown): Native {
  return { dialect: 'gemini', value };
}
