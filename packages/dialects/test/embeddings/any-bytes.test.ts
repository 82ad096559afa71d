// Proves that no bytes make a codec of embeddings or counts fail in another way than by saying what
// is wrong with them, and that what passes through as it is can be decoded as well.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import { DialectError, type WholeDialect } from '@entrepot/dialects/dialect';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiCountTokens, vertexCountTokens } from '@entrepot/dialects/gemini/count';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import fc from 'fast-check';
import { answerContext, plainTarget } from '../shared/answer-context.ts';

const dialects: readonly WholeDialect[] = [
  openaiEmbeddings,
  geminiEmbed,
  geminiBatchEmbed,
  titanEmbeddings,
  cohereEmbeddings,
  vertexPredict,
  openaiInputTokens,
  anthropicCountTokens,
  geminiCountTokens,
  vertexCountTokens,
  bedrockCountTokens,
];

/** Every key that one of them reads, so that random objects get somewhere. */
const keys = [
  'model',
  'input',
  'inputText',
  'texts',
  'input_type',
  'encoding_format',
  'dimensions',
  'requests',
  'content',
  'contents',
  'parts',
  'text',
  'taskType',
  'outputDimensionality',
  'instances',
  'parameters',
  'messages',
  'role',
  'system',
  'tools',
  'converse',
  'invokeModel',
  'generateContentRequest',
  'data',
  'embedding',
  'embeddings',
  'values',
  'predictions',
  'usage',
  'input_tokens',
  'inputTokens',
  'totalTokens',
];

const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, 1, -1, 0.5, '', 'm', 'user', 'float', 'AAAA', 'query'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  ),
}));
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  value.map(json => Buffer.from(JSON.stringify(json))),
  // A name at the top, since nothing is read without.
  fc
    .dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 })
    .map(json => Buffer.from(JSON.stringify({ ...json, model: 'm' }))),
);

/**
 * What the call gives; null where it says that it cannot. Anything else that it throws is a bug.
 */
function tried<T>(call: () => T): T | null {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof DialectError) return null;
    throw cause;
  }
}

const path = { model: 'm', stream: false };

for (const dialect of dialects) {
  describe(dialect.name, () => {
    test('any request', () => {
      fc.assert(
        fc.property(bytes, body => {
          const found = tried(() => dialect.scan(body, path));
          if (found !== null) {
            assert.ok(Number.isSafeInteger(found.inputTokens) && found.inputTokens >= 0);
            dialect.splice(body, found, 'other');
          }
          const request = tried(() => dialect.decodeRequest(body, path));
          if (request === null) return;
          assert.equal((request as { model: string }).model, 'm');
          const encoded = tried(() => dialect.encodeRequest(request, plainTarget));
          if (encoded !== null) JSON.parse(Buffer.from(encoded.body).toString());
        }),
        { numRuns: 500 },
      );
    });

    test('any answer', () => {
      fc.assert(
        fc.property(bytes, body => {
          tried(() => dialect.readUsage(body));
          dialect.decodeError(400, {}, body);
          const answer = tried(() => dialect.decodeResponse(body, {}, answerContext));
          if (answer === null) return;
          const written = dialect.encodeResponse(answer, answerContext).body;
          // Usage that was not told is told as none where the form wants it.
          const again = dialect.decodeResponse(written, {}, answerContext);
          assert.deepEqual({ ...again, usage: answer.usage }, answer);
        }),
        { numRuns: 500 },
      );
    });
  });
}
