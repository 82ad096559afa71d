// Recorded streams of this dialect: those of the recordings, and the fixtures of Anthropic's own
// SDK and of the Vercel AI SDK.

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { framesOf, SseFramer } from '@entrepot/dialects/sse';
import { answerContext } from '../shared/answer-context.ts';
import { fixture, type Recording, recordings } from '../shared/recordings.ts';

export type RecordedStream = Pick<Recording, 'file' | 'body'>;

export function messageStreams(): readonly RecordedStream[] {
  const recorded = recordings('messages').filter(
    recording => recording.status === 200 && recording.streaming,
  );
  return [...recorded, ...sdkFixtures(), ...chunkFixtures()];
}

/** The events of a stream that came in these pieces. */
export function decodeStream(pieces: readonly Uint8Array[]): StreamEvent[] {
  const decoder = anthropicMessages.decoder(answerContext);
  return [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()];
}

/** The bytes of a stream of these events. */
export function encodeStream(events: readonly StreamEvent[]): Buffer {
  const encoder = anthropicMessages.encoder(answerContext);
  return Buffer.concat(events.map(event => encoder.push(event)));
}

/** One event of the wire. */
export function wire(event: { readonly type: string }): Buffer {
  return Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** The first and the last events alone: what lies between is alike, and every cut is tried. */
export function shortened(body: Uint8Array): Buffer {
  const frames = framesOf(body, new SseFramer().push(body));
  const isKept = (frame: Uint8Array, at: number): boolean =>
    !String(frame).includes('content_block') || (at < 6 && frame.length < 400);
  return Buffer.concat(frames.filter(isKept));
}

function sdkFixtures(): RecordedStream[] {
  const names = [
    'tests_fixtures_fable-fallback_stream-a-refusal.sse',
    'tests_fixtures_fable-fallback_stream-a-toolrefusal.sse',
    'tests_fixtures_fable-fallback_stream-b-fallback.sse',
    'tests_lib_fixtures_basic_response.txt',
    'tests_lib_fixtures_tool_use_response.txt',
  ];
  return names.flatMap(name => {
    const body = fixture(`anthropic_sdk/${name}`);
    return body === null ? [] : [{ file: name, body }];
  });
}

/** Events of the Vercel AI SDK's fixtures, a JSON object a line, framed as they were sent. */
function chunkFixtures(): RecordedStream[] {
  const names = [
    'advisor-20250301.1',
    'advisor-stop-reasons',
    'clear-thinking.1',
    'code-execution-20250825.1',
    'code-execution-20260120-prompt-cache.1',
    'compaction.1',
    'fallback',
    'mcp.1',
    'message-delta-input-tokens',
    'refusal',
    'text',
    'tool-no-args',
    'json-tool.2',
    'combined-context-editing.1',
    'web-fetch-tool-20260209.1',
    'web-fetch-tool.1',
    'web-search-tool.1',
  ];
  return names.flatMap(name => {
    const body = chunkFixture(`anthropic-${name}`);
    return body === null ? [] : [{ file: name, body }];
  });
}

/** null where the fixtures are absent. */
export function chunkFixture(name: string): Buffer | null {
  const bytes = fixture(`vercel_ai/anthropic____fixtures____${name}.chunks.txt`);
  if (bytes === null) return null;
  const lines = bytes.toString().trim().split('\n');
  return Buffer.concat(lines.map(line => wire(JSON.parse(line) as { type: string })));
}
