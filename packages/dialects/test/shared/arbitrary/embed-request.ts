// Requests for vectors, with any of the fields that the canonical form of embeddings can hold.

import type { EmbedInput, EmbedRequest, EmbedTask } from '@entrepot/dialects/embedding';
import fc from 'fast-check';
import { base64, saidText } from './text.ts';

const tasks: readonly EmbedTask[] = [
  'query',
  'document',
  'similarity',
  'classification',
  'clustering',
  'question',
  'fact-check',
  'code-query',
];

const body: fc.Arbitrary<EmbedInput> = fc.oneof(
  { weight: 8, arbitrary: saidText.map((text): EmbedInput => ({ type: 'text', text })) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.nat(100_000), { minLength: 1, maxLength: 3 })
      .map((tokens): EmbedInput => ({ type: 'tokens', tokens })),
  },
  {
    weight: 1,
    arbitrary: base64.map((data): EmbedInput => {
      const source = { kind: 'base64', mediaType: 'image/png', data } as const;
      return { type: 'parts', parts: [{ type: 'image', source }] };
    }),
  },
);
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

/** Inputs mostly have the same task. */
const inputs: fc.Arbitrary<readonly EmbedInput[]> = fc
  .tuple(
    fc.array(fc.tuple(body, fc.option(saidText, { nil: undefined, freq: 6 })), {
      minLength: 1,
      maxLength: 3,
    }),
    optional(fc.constantFrom(...tasks)),
    fc.option(fc.constantFrom(...tasks), { nil: undefined, freq: 8 }),
  )
  .map(([bodies, task, other]) =>
    bodies.map(([input, title], at): EmbedInput => {
      const own = at === 1 ? (other ?? task) : task;
      return {
        ...input,
        ...(own === undefined ? {} : { task: own }),
        ...(title === undefined ? {} : { title }),
      };
    }),
  );

export const embedRequest: fc.Arbitrary<EmbedRequest> = fc
  .record(
    {
      model: fc.constant('model-asked-for'),
      inputs,
      encoding: fc.constantFrom('float' as const, 'base64' as const),
      dimensions: fc.integer({ min: 1, max: 3072 }),
      user: saidText,
      extensions: fc.constantFrom(
        { dialect: 'openai-embeddings', fields: { x: 1 } },
        { dialect: 'titan-embeddings', fields: { normalize: true } },
        { dialect: 'cohere-embeddings', fields: { truncate: 'END' } },
        { dialect: 'gemini-embed', fields: { autoTruncate: true } },
        { dialect: 'vertex-predict', fields: { autoTruncate: true } },
      ),
    },
    { requiredKeys: ['model', 'inputs', 'encoding'] },
  )
  .map(request => request as EmbedRequest);
