// Proves what each form of a request for vectors means, which of it each other form can carry, and
// that what cannot be carried is refused or told.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import type { EmbedDialect, TargetModel } from '@entrepot/dialects/dialect';
import type { EmbedRequest, EmbedTask } from '@entrepot/dialects/embedding';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { thrown } from '../shared/thrown.ts';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const path = { model: 'm', stream: false };
const openai = (fields: object): EmbedRequest =>
  openaiEmbeddings.decodeRequest(bytes({ model: 'm', ...fields }));

describe('what openai takes as input', () => {
  const table: readonly (readonly [string, unknown, EmbedRequest['inputs']])[] = [
    ['a text', 'a', [{ type: 'text', text: 'a' }]],
    [
      'texts',
      ['a', 'b'],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    ],
    ['the tokens of a text', [1, 2], [{ type: 'tokens', tokens: [1, 2] }]],
    [
      'the tokens of texts',
      [[1], [2, 3]],
      [
        { type: 'tokens', tokens: [1] },
        { type: 'tokens', tokens: [2, 3] },
      ],
    ],
  ];
  for (const [name, input, inputs] of table) {
    test(name, () => assert.deepEqual(openai({ input }).inputs, inputs));
  }

  const refused: readonly (readonly [unknown, string])[] = [
    [undefined, 'input'],
    ['', 'input'],
    [[], 'input'],
    [['a', ''], 'input[1]'],
    [['a', 1], 'input[1]'],
    [[1, 'a'], 'input'],
    [[1.5], 'input'],
    [[[]], 'input[0]'],
    [[{ text: 'a' }], 'input[0]'],
  ];
  for (const [input, field] of refused) {
    test(`${JSON.stringify(input)} is refused at ${field}`, () => {
      const error = thrown(() => openai({ input }));
      assert.equal(error.class, 'invalid_request');
      assert.equal(error.field, field);
    });
  }

  test('the size of a request is told by its texts, or by its tokens', () => {
    const tokensOf = (input: unknown) =>
      openaiEmbeddings.scan(bytes({ model: 'm', input }))?.inputTokens;
    assert.equal(tokensOf('x'.repeat(400)), 100);
    assert.equal(tokensOf(['x'.repeat(200), 'x'.repeat(200)]), 100);
    assert.equal(tokensOf([1, 2, 3]), 3);
    assert.equal(tokensOf([[1, 2], [3]]), 3);
  });
});

interface Target extends TargetModel {
  readonly dialect: EmbedDialect;
}

const target = (dialect: EmbedDialect, name: string, vendor: string): Target => ({
  ...plainTarget,
  dialect,
  name,
  vendor,
});
const targets = {
  openai: target(openaiEmbeddings, 'text-embedding-3-small', 'openai'),
  host: target(openaiEmbeddings, 'bge-m3', 'baai'),
  gemini: target(geminiBatchEmbed, 'gemini-embedding-001', 'google'),
  single: target(geminiEmbed, 'gemini-embedding-001', 'google'),
  vertex: target(vertexPredict, 'text-embedding-005', 'google'),
  titan1: target(titanEmbeddings, 'amazon.titan-embed-text-v1', 'amazon'),
  titan2: target(titanEmbeddings, 'amazon.titan-embed-text-v2:0', 'amazon'),
  cohere3: target(cohereEmbeddings, 'us.cohere.embed-english-v3', 'cohere'),
  cohere4: target(cohereEmbeddings, 'cohere.embed-v4:0', 'cohere'),
} as const;
type Name = keyof typeof targets;

const one = { inputs: [{ type: 'text', text: 'a' }] } as const;
const two = {
  inputs: [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ],
} as const;
const request = (fields: Partial<EmbedRequest>): EmbedRequest => ({
  model: 'm',
  encoding: 'float',
  ...one,
  ...fields,
});
const tasked = (task: EmbedTask) => ({ inputs: [{ type: 'text', text: 'a', task }] }) as const;

/** The fields that are lost, `refused` with the field, or what stands in the body. */
function outcome(name: Name, fields: Partial<EmbedRequest>): unknown {
  const { dialect, ...model } = targets[name];
  try {
    const { body, losses } = dialect.encodeRequest(request(fields), model);
    const lost = losses.map(loss => (loss.isMinor === true ? `minor ${loss.field}` : loss.field));
    return lost.length > 0 ? lost : JSON.parse(Buffer.from(body).toString());
  } catch {
    return `refused ${thrown(() => dialect.encodeRequest(request(fields), model)).field}`;
  }
}

const part = (text: string) => ({ content: { parts: [{ text }] } });
const g = { model: 'models/gemini-embedding-001' };
const o = { model: 'text-embedding-3-small', encoding_format: 'float' };

const written: readonly (readonly [string, Name, Partial<EmbedRequest>, unknown])[] = [
  ['a text', 'openai', one, { ...o, input: ['a'] }],
  ['a text', 'gemini', one, { requests: [{ ...g, ...part('a') }] }],
  ['a text', 'single', one, { ...g, ...part('a') }],
  ['a text', 'vertex', one, { instances: [{ content: 'a' }] }],
  ['a text', 'titan1', one, { inputText: 'a' }],
  ['a text', 'cohere3', one, { texts: ['a'], input_type: 'search_document' }],
  ['texts', 'gemini', two, { requests: ['a', 'b'].map(text => ({ ...g, ...part(text) })) }],
  ['texts', 'cohere4', two, { texts: ['a', 'b'], input_type: 'search_document' }],
  ['texts', 'titan2', two, 'refused inputs'],
  ['texts', 'single', two, 'refused inputs'],
  ['a length', 'openai', { dimensions: 256 }, { ...o, input: ['a'], dimensions: 256 }],
  ['a length', 'titan2', { dimensions: 256 }, { inputText: 'a', dimensions: 256 }],
  ['a length', 'titan1', { dimensions: 256 }, ['dimensions']],
  ['a length', 'cohere3', { dimensions: 256 }, 'refused dimensions'],
  [
    'a length',
    'cohere4',
    { dimensions: 256 },
    { texts: ['a'], input_type: 'search_document', output_dimension: 256 },
  ],
  [
    'a length',
    'vertex',
    { dimensions: 256 },
    { instances: [{ content: 'a' }], parameters: { outputDimensionality: 256 } },
  ],
  ['a query', 'cohere3', tasked('query'), { texts: ['a'], input_type: 'search_query' }],
  [
    'a query',
    'gemini',
    tasked('query'),
    { requests: [{ ...g, ...part('a'), taskType: 'RETRIEVAL_QUERY' }] },
  ],
  ['a query', 'openai', tasked('query'), ['minor task']],
  ['a query', 'host', tasked('query'), ['task']],
  ['a query', 'titan2', tasked('query'), ['minor task']],
  ['likeness', 'cohere3', tasked('similarity'), 'refused task'],
  ['tokens', 'openai', { inputs: [{ type: 'tokens', tokens: [1] }] }, { ...o, input: [[1]] }],
  ...(['host', 'gemini', 'vertex', 'titan2', 'cohere4'] as const).map(
    name =>
      ['tokens', name, { inputs: [{ type: 'tokens', tokens: [1] }] }, 'refused inputs'] as const,
  ),
  ['an end user', 'gemini', { user: 'u' }, ['user']],
  ['an end user', 'titan2', { user: 'u' }, ['user']],
  [
    'a field of another dialect',
    'gemini',
    { extensions: { dialect: 'openai-embeddings', fields: { truncate: 'END' } } },
    ['extensions.truncate'],
  ],
];

describe('what an upstream is written, and what it cannot be', () => {
  for (const [what, name, fields, expected] of written) {
    test(`${what} to ${name}`, () => assert.deepEqual(outcome(name, fields), expected));
  }

  test('a length is vital: vectors of another one are of no use', () => {
    for (const { dialect } of Object.values(targets)) assert.ok(dialect.vital.has('dimensions'));
  });

  test('the word of hosts for a query is understood', () => {
    const { inputs } = openai({ input: 'a', input_type: 'search_query' });
    assert.deepEqual(inputs, [{ type: 'text', text: 'a', task: 'query' }]);
    assert.equal(openaiEmbeddings.fieldName('task'), 'input_type');
  });
});

describe('contents of Google', () => {
  const batch = (requests: readonly object[]) => bytes({ requests });

  test('each has its task, in either spelling', () => {
    const { inputs } = geminiBatchEmbed.decodeRequest(
      batch([
        { model: 'models/m', ...part('a'), taskType: 'RETRIEVAL_DOCUMENT', title: 't' },
        { model: 'models/m', ...part('b'), task_type: 1 },
      ]),
      path,
    );
    assert.deepEqual(inputs, [
      { type: 'text', text: 'a', task: 'document', title: 't' },
      { type: 'text', text: 'b', task: 'query' },
    ]);
  });

  test('a model that is not the path’s is refused: policy and provider see one', () => {
    const error = thrown(() =>
      geminiBatchEmbed.decodeRequest(batch([{ model: 'models/other', ...part('a') }]), path),
    );
    assert.equal(error.field, 'requests[0].model');
  });

  test('a body that names the model does not pass as it is', () => {
    assert.equal(geminiBatchEmbed.scan(batch([{ model: 'models/m', ...part('a') }]), path), null);
    assert.equal(geminiEmbed.scan(bytes({ model: 'models/m', ...part('a') }), path), null);
    assert.equal(geminiEmbed.scan(bytes(part('a'.repeat(40))), path)?.inputTokens, 10);
  });

  test('a picture goes to Google and to nobody else', () => {
    const data = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const body = bytes({ content: { parts: [{ text: 'a' }, data] } });
    const asked = geminiEmbed.decodeRequest(body, path);
    const { body: again } = geminiEmbed.encodeRequest(asked, plainTarget);
    const { content } = JSON.parse(Buffer.from(again).toString());
    assert.deepEqual(content, { parts: [{ text: 'a' }, data] });
    for (const name of ['openai', 'vertex', 'titan2', 'cohere4'] as const) {
      assert.equal(outcome(name, { inputs: asked.inputs }), 'refused inputs');
    }
  });
});

test('base64 carries every float of 32 bits, and each end of the way writes the same', () => {
  const vectors = fc.array(
    fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true }),
    {
      minLength: 1,
    },
  );
  const context = { id: 'i', model: 'm', createdSeconds: 0, includeUsage: true };
  fc.assert(
    fc.property(vectors, fc.constantFrom('float', 'base64'), (made, encoding) => {
      const answer = { model: 'm', vectors: made, usage: null };
      const asked = { ...context, request: request({ encoding: encoding as 'float' }) };
      const { body, losses } = openaiEmbeddings.encodeResponse(answer, asked);
      assert.deepEqual(
        losses.map(loss => loss.field),
        ['usage'],
      );
      const read = openaiEmbeddings.decodeResponse(body, {}, context);
      for (const [i, vector] of read.vectors.entries()) {
        // JSON has no negative zero.
        const [ours, theirs] = [Float32Array.from(vector), made[i]!];
        assert.deepEqual(
          ours.map(x => x + 0),
          theirs.map(x => x + 0),
        );
      }
    }),
  );
});

describe('answers that are none', () => {
  const context = { id: 'i', model: 'm', createdSeconds: 0, includeUsage: true };
  const table: readonly (readonly [string, EmbedDialect, unknown])[] = [
    ['no vector', openaiEmbeddings, { data: [{ embedding: [] }] }],
    ['half a float', openaiEmbeddings, { data: [{ embedding: 'AAA=' }] }],
    ['words in a vector', openaiEmbeddings, { data: [{ embedding: ['a'] }] }],
    ['too few vectors', openaiEmbeddings, { data: [] }],
    ['no vector', geminiEmbed, {}],
    ['too few vectors', geminiBatchEmbed, { embeddings: [] }],
    ['too few vectors', vertexPredict, { predictions: [] }],
    ['no vector', titanEmbeddings, { embedding: null }],
    ['no object', titanEmbeddings, []],
    ['no vector', cohereEmbeddings, { embeddings: [] }],
    ['no vectors', cohereEmbeddings, {}],
  ];
  for (const [what, dialect, body] of table) {
    test(`${what} from ${dialect.name}`, () => {
      const asked = { ...context, request: request({}) };
      const error = thrown(() => dialect.decodeResponse(bytes(body), {}, asked));
      assert.equal(error.class, 'upstream');
    });
  }

  test('Cohere’s tokens are counted in a header', () => {
    const body = bytes({ embeddings: { float: [[1]] } });
    const headers = { 'x-amzn-bedrock-input-token-count': '7' };
    const answer = cohereEmbeddings.decodeResponse(body, headers, context);
    assert.equal(answer.usage?.inputTokens, 7);
    assert.deepEqual(answer.vectors, [[1]]);
    assert.equal(cohereEmbeddings.decodeResponse(body, {}, context).usage, null);
  });
});
