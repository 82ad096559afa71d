// Proves that a request for vectors is read again as it was written, up to what is declared to be
// lost; what cannot be left out is refused by its name; and vectors come back as they were.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import {
  type AnswerContext,
  DialectError,
  type EmbedDialect,
  type Loss,
} from '@entrepot/dialects/dialect';
import type { EmbedInput, EmbedRequest } from '@entrepot/dialects/embedding';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { embedRequest } from '../shared/arbitrary/embed-request.ts';
import { runs } from './runs.ts';

const dialects: readonly EmbedDialect[] = [
  openaiEmbeddings,
  geminiEmbed,
  geminiBatchEmbed,
  titanEmbeddings,
  cohereEmbeddings,
  vertexPredict,
];
const context: AnswerContext<EmbedRequest> = {
  id: 'req_1',
  model: 'm',
  createdSeconds: 1_700_000_000,
  includeUsage: true,
};
const path = { model: plainTarget.name, stream: false };

/** What a search begins with has one name at Cohere, and a text without a task is one to find. */
const cohereTasks: Readonly<Record<string, EmbedInput['task']>> = {
  question: 'query',
  'code-query': 'query',
  'fact-check': 'query',
};

function expected(asked: EmbedRequest, losses: readonly Loss[], { name }: EmbedDialect): unknown {
  const lost = new Set(losses.map(({ field }) => field));
  const inputs = asked.inputs.map(({ task, title, ...input }) => {
    const word = name === 'cohere-embeddings' ? (cohereTasks[task!] ?? task ?? 'document') : task;
    return {
      ...input,
      ...(word === undefined || lost.has('task') ? {} : { task: word }),
      ...(title === undefined || lost.has('title') ? {} : { title }),
    };
  });
  const { extensions, user, dimensions, encoding } = asked;
  const kept = Object.entries(extensions?.fields ?? {}).filter(
    ([key]) => !lost.has(`extensions.${key}`),
  );
  for (const field of lost) assert.ok(isThere(asked, field), `${field} is there to lose`);
  return {
    model: plainTarget.name,
    inputs,
    encoding: name === 'openai-embeddings' ? encoding : 'float',
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(user === undefined || lost.has('user') ? {} : { user }),
    ...(kept.length === 0
      ? {}
      : { extensions: { ...extensions, fields: Object.fromEntries(kept) } }),
  };
}

function isThere(asked: EmbedRequest, field: string): boolean {
  const key = /^extensions\.(.*)$/.exec(field)?.[1];
  if (key !== undefined) return Object.hasOwn(asked.extensions?.fields ?? {}, key);
  if (field === 'task' || field === 'title') return asked.inputs.some(input => field in input);
  return field in asked;
}

for (const dialect of dialects) {
  describe(dialect.name, () => {
    test('requests', () => {
      const property = fc.property(embedRequest, asked => {
        try {
          const { body, losses } = dialect.encodeRequest(asked, plainTarget);
          const read = dialect.decodeRequest(body, path);
          assert.deepEqual(read, expected(asked, losses, dialect));
        } catch (cause) {
          if (!(cause instanceof DialectError)) throw cause;
          assert.equal(cause.error.class, 'unsupported');
          assert.match(cause.error.field ?? '', /^(inputs|task)$/);
          const isPlain = asked.inputs.every(({ type }) => type === 'text');
          const isOne = asked.inputs.length === 1 && asked.inputs[0]!.task === undefined;
          assert.ok(!isPlain || !isOne, 'one text is taken by all');
        }
      });
      fc.assert(property, runs(500));
    });

    test('vectors', () => {
      const vector = fc
        .float32Array({ minLength: 1, maxLength: 4, noNaN: true, noDefaultInfinity: true })
        .map(floats => Array.from(floats, float => float + 0));
      const property = fc.property(vector, one => {
        const answer = { model: 'm', vectors: [one], usage: null };
        const { body } = dialect.encodeResponse(answer, context);
        const { vectors } = dialect.decodeResponse(body, {}, context);
        assert.deepEqual(Float32Array.from(vectors[0]!), Float32Array.from(one));
      });
      fc.assert(property, runs(200));
    });
  });
}
