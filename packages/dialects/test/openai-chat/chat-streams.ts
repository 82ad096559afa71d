// Recorded streams of this dialect: those of the recordings, and the chunk fixtures of the Vercel
// AI SDK that are of it.

import type { StreamEvent } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { framesOf, SseFramer } from '@entrepot/dialects/sse';
import { answerContext } from '../shared/answer-context.ts';
import { fixture, type Recording, recordings } from '../shared/recordings.ts';

export type RecordedStream = Pick<Recording, 'file' | 'body'>;

export function chatStreams(): readonly RecordedStream[] {
  const recorded = recordings('chat.completions').filter(
    recording => recording.status === 200 && recording.streaming,
  );
  return [...recorded, ...chunkFixtures()];
}

/** The events of a stream that came in these pieces. */
export function decodeStream(pieces: readonly Uint8Array[]): StreamEvent[] {
  const decoder = openaiChat.decoder(answerContext);
  return [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()];
}

/** The first and the last events alone: what lies between is alike, and every cut is tried. */
export function shortened(body: Uint8Array): Buffer {
  const frames = framesOf(body, new SseFramer().push(body));
  const kept = frames.length <= 9 ? frames : [...frames.slice(0, 4), ...frames.slice(-5)];
  return Buffer.concat(kept);
}

/** Chunks of the Vercel AI SDK's fixtures, a JSON object a line, framed as they were sent. */
function chunkFixtures(): RecordedStream[] {
  const names = [
    'openai__chat__azure-model-router.1.chunks.txt',
    'openai__chat__openai-text.chunks.txt',
    'openai-compatible__chat__xai-text.chunks.txt',
    'openai-compatible__chat__xai-tool-call.chunks.txt',
    'openai-compatible__chat__anthropic-fallback-tool-call.sse',
  ];
  return names.flatMap(name => {
    const bytes = fixture(`vercel_ai/${name}`);
    if (bytes === null) return [];
    if (name.endsWith('.sse')) return [{ file: name, body: bytes }];
    const lines = bytes.toString().trim().split('\n');
    const events = lines.map(line => (line.startsWith('data:') ? line : `data: ${line}`));
    const done = lines.at(-1)!.includes('[DONE]') ? [] : ['data: [DONE]'];
    return [{ file: name, body: Buffer.from(`${[...events, ...done].join('\n\n')}\n\n`) }];
  });
}
