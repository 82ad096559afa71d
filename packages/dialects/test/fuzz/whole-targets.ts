// Targets of what is read whole or carried in another form: embeddings, counts of tokens, legacy
// completions, Nova's own form, the bodies of rawPredict and InvokeModel, frames around events.

import assert from 'node:assert/strict';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { ChunksToSse } from '@entrepot/dialects/chunk-frames';
import type { WholeDialect } from '@entrepot/dialects/dialect';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import { ConverseToChunks, converseToNova, novaToConverse } from '@entrepot/dialects/nova-invoke';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { inPieces } from '../shared/seeded.ts';
import { countDialects, embedDialects } from './dialects.ts';
import type { Target } from './targets.ts';
import { tried } from './tried.ts';

const path = { model: plainTarget.name, stream: false };

function parsed(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
}

/** What one dialect of an operation reads, each of that operation can write. */
function wholeTargets<Request, Answer extends { readonly usage: never }>(
  given: readonly unknown[],
  kind: 'embed' | 'count',
): Target[] {
  const all = given as readonly WholeDialect<Request, Answer>[];
  return all.flatMap(dialect => [
    {
      name: `${dialect.name} request`,
      kinds: [`${kind} request`],
      run(bytes) {
        const scan = tried(() => dialect.scan(bytes, path));
        if (scan) parsed(Buffer.concat(dialect.splice(bytes, scan, 'another')));
        const request = dialect.decodeRequest(bytes, path);
        if (scan) assert.equal(scan.model, (request as { model?: unknown }).model);
        for (const other of all) {
          const encoded = tried(() => other.encodeRequest(request, plainTarget));
          if (encoded === undefined) continue;
          parsed(encoded.body);
          for (const { field } of encoded.losses) dialect.fieldName(field);
        }
      },
    },
    {
      name: `${dialect.name} answer`,
      kinds: [`${kind} answer`],
      run(bytes) {
        tried(() => dialect.readUsage(bytes));
        const answer = dialect.decodeResponse(bytes, {}, answerContext as never);
        for (const other of all) {
          const encoded = tried(() => other.encodeResponse(answer, answerContext as never));
          if (encoded !== undefined) parsed(encoded.body);
        }
      },
    },
    {
      name: `${dialect.name} error`,
      kinds: ['error'],
      run(bytes) {
        assert.equal(typeof dialect.decodeError(500, {}, bytes).message, 'string');
      },
    },
  ]);
}

const completions: readonly Target[] = [
  {
    name: 'openai-completions request',
    kinds: ['completions request'],
    run(bytes) {
      const scan = openaiCompletions.scan(bytes)!;
      const after = parsed(Buffer.concat(openaiCompletions.splice(bytes, scan, 'another')));
      assert.equal(after.model, 'another');
      const options = after.stream_options as { include_usage?: unknown } | undefined;
      if (scan.stream) assert.equal(options?.include_usage, true);
    },
  },
  {
    name: 'openai-completions answer',
    kinds: ['answer'],
    run: bytes => void openaiCompletions.readUsage(bytes),
  },
  {
    name: 'openai-completions tap',
    kinds: ['stream'],
    run(bytes, random) {
      const tap = openaiCompletions.tap({ hideUsage: true });
      const out = inPieces(random, bytes, 8).map(piece => tap.push(piece).length);
      out.push(tap.end().length);
      assert.ok(out.reduce((sum, length) => sum + length, 0) <= bytes.length);
    },
  },
];

/** The bytes that come out, or null where they are refused. */
function carried(
  reader: { push(bytes: Uint8Array): Uint8Array },
  pieces: readonly Uint8Array[],
): string | null {
  const out = tried(() => Buffer.concat(pieces.map(piece => reader.push(piece))));
  return out?.toString('base64') ?? null;
}

/** As the gateway stacks them: what takes the frames off, then the tap. */
function unframed(): { push(bytes: Uint8Array): Uint8Array } {
  const unframer = new ChunksToSse();
  const tap = anthropicMessages.tap({ hideUsage: false });
  return { push: bytes => tap.push(unframer.push(bytes)) };
}

const forms: readonly Target[] = [
  {
    name: 'body of rawPredict and InvokeModel',
    kinds: ['request'],
    run(bytes) {
      const put = { anthropic_version: '"a version"' };
      const after = parsed(spliceMembers(bytes, ['model', 'stream'], put));
      const { model: _model, stream: _stream, ...rest } = parsed(bytes);
      // Where a key stands twice the object is written anew: 1e999 is then null, and -0 is 0.
      const anew = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
      assert.deepEqual(anew(after), anew({ ...rest, anthropic_version: 'a version' }));
    },
  },
  {
    name: 'Nova to Converse',
    kinds: ['nova request'],
    run: bytes => void bedrockConverse.decodeRequest(novaToConverse(bytes), path),
  },
  {
    name: 'Converse to Nova',
    kinds: ['answer'],
    run: bytes => void parsed(converseToNova(bytes)),
  },
  ...[
    ['Converse in frames to Nova', () => new ConverseToChunks()] as const,
    ['frames of InvokeModel and a tap', unframed] as const,
  ].map(
    ([name, make]): Target => ({
      name,
      kinds: ['frames'],
      run(bytes, random) {
        const cut = carried(make(), inPieces(random, bytes, 8));
        assert.equal(cut, carried(make(), [bytes]), 'the same however it is cut');
      },
    }),
  ),
];

export const wholeAndCarried: readonly Target[] = [
  ...wholeTargets(embedDialects, 'embed'),
  ...wholeTargets(countDialects, 'count'),
  ...completions,
  ...forms,
];
