// The rules of a stream of this dialect as clients rely on them, as a checker of bytes.

import assert from 'node:assert/strict';
import { SseParser } from '@entrepot/dialects/sse';

export interface Chunk {
  readonly candidates?: readonly ChunkCandidate[];
  readonly usageMetadata?: object;
  readonly responseId?: string;
  readonly modelVersion?: string;
  readonly error?: { readonly code: number; readonly message: string };
}
interface ChunkCandidate {
  readonly index: number;
  readonly content: { readonly role: string; readonly parts: readonly Record<string, unknown>[] };
  readonly finishReason?: string;
}

/** Checks one stream and gives its chunks. Throws AssertionError for a broken rule. */
export function checkChunks(bytes: Uint8Array): readonly Chunk[] {
  const parser = new SseParser();
  const events = parser.push(bytes);
  assert.deepEqual(parser.end(), [], 'the last event has its blank line');
  for (const { event } of events) assert.equal(event, 'message', 'data lines only');
  const chunks = events.map(({ data }) => JSON.parse(data) as Chunk);
  const last = chunks.at(-1)!;
  const isWhole = last.error === undefined;
  const said = isWhole ? chunks : chunks.slice(0, -1);
  for (const chunk of said) {
    assert.equal(chunk.error, undefined, 'an error is last');
    assert.equal(chunk.responseId, said[0]!.responseId, 'one id');
    assert.equal(chunk.modelVersion, said[0]!.modelVersion, 'one model');
    for (const candidate of chunk.candidates!) checkCandidate(candidate, isWhole && chunk === last);
    if (chunk !== last) assert.equal(chunk.usageMetadata, undefined, 'usage is told once');
  }
  return chunks;
}

function checkCandidate(candidate: ChunkCandidate, isLast: boolean): void {
  const { index, content, finishReason } = candidate;
  assert.equal(typeof index, 'number');
  assert.equal(content.role, 'model');
  assert.ok(content.parts.length > 0, 'a chat of the SDK drops a content without parts');
  assert.equal(typeof finishReason, isLast ? 'string' : 'undefined', 'the finish is in the last');
  for (const part of content.parts) {
    if (part.functionCall === undefined) continue;
    const { id, name, args } = part.functionCall as Record<string, unknown>;
    assert.deepEqual([typeof id, typeof name, typeof args], ['string', 'string', 'object']);
  }
}
