// Recorded streams of this dialect: those of the recordings, and the chunk fixtures of the Vercel
// AI SDK that are of it.

import type { StreamEvent } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { framesOf, SseFramer } from '@entrepot/dialects/sse';
import { answerContext } from '../shared/answer-context.ts';
import { fixture, type Recording, recordings } from '../shared/recordings.ts';

export type RecordedStream = Pick<Recording, 'file' | 'body'>;

export function geminiStreams(): readonly RecordedStream[] {
  const recorded = recordings('streamGenerateContent').filter(({ status }) => status === 200);
  return [...recorded, ...chunkFixtures()];
}

/** The events of a stream that came in these pieces. */
export function decodeStream(pieces: readonly Uint8Array[]): StreamEvent[] {
  const decoder = gemini.decoder(answerContext);
  return [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()];
}

/** The bytes of a stream of these chunks. */
export function streamOf(...chunks: readonly unknown[]): Buffer {
  return Buffer.from(chunks.map(chunk => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(''));
}

/** The first and the last events alone: what lies between is alike, and every cut is tried. */
export function shortened(body: Uint8Array): Buffer {
  const frames = framesOf(body, new SseFramer().push(body));
  const kept = frames.length <= 6 ? frames : [...frames.slice(0, 3), ...frames.slice(-3)];
  return Buffer.concat(kept);
}

/** Chunks of the Vercel AI SDK's fixtures, a JSON object a line, framed as they were sent. */
function chunkFixtures(): RecordedStream[] {
  const names = [
    'reasoning-gemini3',
    'reasoning',
    'stream-no-args-tool-call',
    'stream-tool-call-arguments',
    'stream-tool-call-array-arguments-missing-terminal-function-call',
    'text',
    'tool-call-gemini3',
    'tool-call',
    'vertex-stream-tool-call-arguments-nested.1',
  ].map(name => `google____fixtures____google-${name}.chunks.txt`);
  return names.flatMap(name => {
    const bytes = fixture(`vercel_ai/${name}`);
    if (bytes === null) return [];
    const lines = bytes.toString().trim().split('\n');
    return [{ file: name, body: Buffer.from(lines.map(line => `data: ${line}\r\n\r\n`).join('')) }];
  });
}
