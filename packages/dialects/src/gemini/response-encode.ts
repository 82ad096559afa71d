// The canonical answer as the body of a generateContent answer.

import type { Candidate, CanonicalResponse, Stop } from '../canonical.ts';
import type { AnswerContext, EncodedRequest } from '../dialect.ts';
import { isObject, type JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { bytesOf } from '../utf8.ts';
import { encodeFinish, stopWords } from './finish.ts';
import { encodeSaid } from './said-encode.ts';
import { encodeUsage } from './usage.ts';

export function encodeResponse(
  response: CanonicalResponse,
  context: AnswerContext,
): EncodedRequest {
  const losses = new Losses();
  const { usage, createdSeconds } = response;
  const body = {
    candidates: response.candidates.map((candidate, place) =>
      encodeCandidate(candidate, `candidates[${place}]`, losses),
    ),
    ...(usage === null ? {} : { usageMetadata: encodeUsage(usage) }),
    modelVersion: response.model || context.model,
    ...(createdSeconds === undefined
      ? {}
      : { createTime: new Date(createdSeconds * 1000).toISOString() }),
    responseId: response.id || context.id,
  };
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

function encodeCandidate(candidate: Candidate, path: string, losses: Losses): JsonObject {
  const { index, content, stop, logprobs } = candidate;
  const parts: JsonObject[] = [];
  const more: Record<string, unknown> = {};
  let isMalformed = false;
  leaveStopDetail(stop, stopWords, index, losses);
  for (const [place, block] of content.entries()) {
    const where = `${path}.content[${place}]`;
    const part = encodeSaid(withoutCitations(block), where, losses);
    if (part !== null) parts.push(part);
    else if (block.type === 'tool_call') isMalformed = true;
    if (block.type !== 'text' || block.citations === undefined) continue;
    const { dialect, value } = block.citations;
    if (dialect === 'gemini' && isObject(value)) Object.assign(more, value);
    else losses.add(`${where}.citations`, `only ${dialect} can carry these citations`);
  }
  if (logprobs?.dialect === 'gemini') Object.assign(more, logprobs.value);
  else if (logprobs !== undefined) {
    losses.add(`${path}.logprobs`, `only ${logprobs.dialect} can carry these probabilities`);
  }
  return {
    content: { parts: parts.length > 0 ? parts : [emptyPart], role: 'model' },
    finishReason: finishOf(stop, isMalformed),
    index,
    ...more,
  };
}

/** The SDK's chats throw an answer without parts away, with the question. */
export const emptyPart = { text: '' };

/** A call that could not be written is what Google calls a malformed one. */
export function finishOf(stop: Stop, isMalformed: boolean): string {
  const wasCalled = stop.reason === 'tool_call' || stop.reason === 'end';
  return encodeFinish(isMalformed && wasCalled ? { reason: 'malformed', raw: '' } : stop);
}

function withoutCitations(block: Candidate['content'][number]): Candidate['content'][number] {
  if (block.type !== 'text') return block;
  const { citations: _, ...plain } = block;
  return plain;
}
