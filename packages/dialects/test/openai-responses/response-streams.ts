// Recorded streams of this dialect: those of the recordings, and the chunk fixtures of the Vercel
// AI SDK that hold one whole answer.

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { fixture, type Recording, recordings, recordingsMissing } from '../shared/recordings.ts';

export type RecordedStream = Pick<Recording, 'file' | 'body'>;

export const providers: readonly string[] = ['openai', 'azure', 'bedrock-mantle'];

/** Answers of the endpoint itself; the one that counts tokens is recorded under the same name. */
export function answers(streaming: boolean): readonly Recording[] {
  return recordings('responses').filter(
    ({ provider, status, body, ...recording }) =>
      providers.includes(provider) &&
      status === 200 &&
      recording.streaming === streaming &&
      !body.includes('"response.input_tokens"'),
  );
}

export function responseStreams(): readonly RecordedStream[] {
  return [...answers(true), ...chunkFixtures()];
}

/** The events of a stream that came in these pieces. */
export function decodeStream(pieces: readonly Uint8Array[]): StreamEvent[] {
  const decoder = openaiResponses.decoder(answerContext);
  return [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()];
}

/** Written by hand: not JSON, and a last event that says another text than the deltas. */
const broken = ['parallel-tool-call-wrapper', 'shell-container.1'];

/** Chunks of the Vercel AI SDK's fixtures, a JSON object a line, framed as they were sent. */
export function chunkFixtures(): readonly RecordedStream[] {
  if (recordingsMissing !== false) return [];
  const folder = resolve(import.meta.dirname, '../../../../../shared/data/recordings/vercel_ai');
  return readdirSync(folder)
    .filter(name => /^open(ai|-responses)__responses__.*\.chunks\.txt$/.test(name))
    .flatMap(name => {
      const lines = fixture(`vercel_ai/${name}`)!.toString().trim().split('\n').filter(Boolean);
      const ends = lines.filter(line => /"type":\s*"response\.(completed|incomplete)"/.test(line));
      if (ends.length !== 1 || broken.some(part => name.includes(part))) return [];
      const events = lines.map(line => (line.startsWith('data:') ? line : `data: ${line}`));
      return [{ file: name, body: Buffer.from(`${events.join('\n\n')}\n\n`) }];
    });
}
