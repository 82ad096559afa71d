// Proves what answers are made of: values that keep to their schema, words and pieces that add up,
// steering that is read, and signatures that only the simulation can make. By property tests.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { type Answer, answerEvents, answerResponse } from '../src/answer/answer.ts';
import { planAnswer } from '../src/answer/plan-answer.ts';
import { valueFor } from '../src/answer/schema-value.ts';
import { textPieces, wordPieces } from '../src/answer/words.ts';
import { defaultModels, Models } from '../src/model.ts';
import { randomFrom, randomUuid } from '../src/random.ts';
import { isSigned, signThinking } from '../src/signature.ts';
import { steeringOf } from '../src/steering.ts';

type Schema = Record<string, unknown>;

const { schema } = fc.letrec<{ schema: Schema }>(tie => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.constantFrom('string', 'boolean', 'null', 'number') }),
    fc
      .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 50 }))
      .map(([minimum, range]) => ({ type: 'integer', minimum, maximum: minimum + range })),
    fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 }).map(values => ({ enum: values })),
    fc.jsonValue().map(value => ({ const: value })),
    fc
      .tuple(fc.nat(4), fc.nat(4))
      .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
    tie('schema').map(items => ({ type: 'array', items, minItems: 1, maxItems: 3 })),
    fc
      .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 })
      .map(properties => ({ type: 'object', properties, required: Object.keys(properties) })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map(anyOf => ({ anyOf })),
  ),
}));

/** A judge of its own, of as much of JSON Schema as the test makes. */
function holds(schema: Schema, value: unknown): boolean {
  const { type, properties, items, anyOf } = schema;
  const equals = (other: unknown) => JSON.stringify(other) === JSON.stringify(value);
  if ('const' in schema) return equals(schema.const);
  if ('enum' in schema) return (schema.enum as unknown[]).some(equals);
  if (anyOf !== undefined) return (anyOf as Schema[]).some(choice => holds(choice, value));
  if (type === 'array') {
    return (
      Array.isArray(value) && value.length > 0 && value.every(item => holds(items as Schema, item))
    );
  }
  if (type === 'object') {
    const given = value as Record<string, unknown>;
    return Object.entries(properties as Record<string, Schema>).every(
      ([name, child]) => name in given && holds(child, given[name]),
    );
  }
  if (type === 'null') return value === null;
  if (type === 'integer') {
    const { minimum, maximum } = schema as Record<string, number>;
    return (
      Number.isInteger(value) && (value as number) >= minimum! && (value as number) <= maximum!
    );
  }
  if (type === 'string' && 'minLength' in schema) {
    const { length } = value as string;
    return length >= (schema.minLength as number) && length <= (schema.maxLength as number);
  }
  return typeof value === type;
}

test('a value keeps to its schema', () => {
  fc.assert(
    fc.property(schema, fc.string(), (schema, seed) => {
      const value = valueFor(schema, randomFrom(seed));
      assert.ok(holds(schema, value), JSON.stringify({ schema, value }));
    }),
  );
});

test('a schema that refers to itself has a value, and so has one with $defs and allOf', () => {
  const tree = {
    type: 'object',
    properties: { left: { $ref: '#' }, size: { $ref: '#/$defs/size' } },
    required: ['size'],
    $defs: { size: { type: 'integer', minimum: 3, maximum: 3 } },
  };
  assert.equal((valueFor(tree, randomFrom('a')) as { size: number }).size, 3);
  const both = { allOf: [tree, { type: 'object', properties: { name: { const: 'quay' } } }] };
  assert.equal((valueFor(both, randomFrom('a')) as { name: string }).name, 'quay');
});

test('pieces add up to their text and their tokens', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 5 }), (text, perPiece) => {
      const pieces = textPieces(text, perPiece);
      assert.equal(pieces.map(p => p.text).join(''), text);
      assert.ok(
        pieces.every(p => p.text.isWellFormed() === text.isWellFormed() || !text.isWellFormed()),
      );
    }),
  );
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 1, max: 9 }), fc.string(), (tokens, per, seed) => {
      const pieces = wordPieces(randomFrom(seed), tokens, per);
      const words = pieces
        .map(p => p.text)
        .join('')
        .split(' ')
        .filter(w => w !== '');
      assert.equal(words.length, tokens);
    }),
  );
});

const model = new Models(defaultModels.anthropic).find('claude-sonnet-5')!;

function answerTo(request: Partial<CanonicalRequest>, text: string, seed = 'x'): Answer {
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
  const whole = { model: 'm', messages, stream: false, includeUsage: true, ...request };
  return planAnswer({
    request: whole,
    model,
    steering: steeringOf(whole),
    inputTokens: 10,
    cache: { readTokens: 0, write5mTokens: 0, write1hTokens: 0 },
    random: randomFrom(seed),
    callIdPrefix: 'toolu_',
    serviceTier: null,
    encryptsThinking: false,
    tokensPerEvent: 8,
  });
}

test('an answer never exceeds its limit, and says length exactly when it was cut', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (output, limit) => {
      const answer = answerTo({ maxOutputTokens: limit }, `[[simulate output=${output}]]`);
      assert.equal(answer.usage.outputTokens, Math.min(output, limit));
      assert.equal(answer.candidates[0]!.stop.reason, output > limit ? 'length' : 'end');
    }),
  );
});

test('a stream and a whole answer say the same', () => {
  const tools = [{ name: 'tide', parameters: { type: 'object', properties: { at: {} } } }];
  const reasoning = { mode: 'enabled' as const };
  fc.assert(
    fc.property(fc.nat(3), fc.nat(60), fc.string(), (calls, thinking, seed) => {
      const text = `[[simulate output=90 tools=${calls} thinking=${thinking}]]`;
      const answer = answerTo({ tools, reasoning }, text, seed);
      const [candidate] = answerResponse(answer, 'id', 'm').candidates;
      const texts = candidate!.content.map(() => '');
      let tokens = 0;
      for (const event of answerEvents(answer, 'id', 'm')) {
        tokens += event.tokens;
        if (event.event.type === 'block_delta') texts[event.event.index] += event.event.text;
      }
      const whole = candidate!.content.map(block => {
        if (block.type === 'tool_call') return block.argumentsJson;
        return 'text' in block ? block.text : '';
      });
      assert.deepEqual(texts, whole);
      assert.equal(tokens, answer.usage.outputTokens);
      assert.equal(candidate!.content.filter(b => b.type === 'tool_call').length, calls);
      assert.equal(answer.usage.reasoningTokens, thinking);
    }),
  );
});

test('a stop sequence ends the text before it', () => {
  const { candidates } = answerTo({ stop: [' '] }, '[[simulate output=20]]');
  const [{ blocks, stop }] = candidates as [Answer['candidates'][number]];
  assert.deepEqual(stop, { reason: 'stop_sequence', raw: 'stop_sequence', sequence: ' ' });
  assert.doesNotMatch(blocks[0]!.pieces.map(p => p.text).join(''), / /);
});

test('words in the text steer, and nonsense does not', () => {
  const read = (text: string) =>
    steeringOf({
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
      stream: false,
      includeUsage: false,
    });
  assert.equal(read('Hello [[simulate input=5 output=7 tools=2]]').outputTokens, 7);
  assert.equal(read('[[simulate stop=content_filter]]').stop, 'content_filter');
  for (const text of ['', '[[simulate', '[[simulate output=x]]', '[[simulate output=-1]] ']) {
    assert.equal(read(text).outputTokens, null);
  }
});

test('only the simulation can sign thinking, and only for its text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (text, other) => {
      const signature = signThinking(text);
      assert.ok(isSigned(text, signature));
      assert.ok(isSigned('', signature), 'the text may be left out');
      assert.equal(isSigned(other, signature), other === text);
      assert.ok(!isSigned(text, other));
    }),
  );
});

test('models are found by their patterns, and ids have their forms', () => {
  const bedrock = new Models(defaultModels.bedrock);
  assert.equal(bedrock.find('eu.anthropic.claude-opus-4-6-v1')?.vendor, 'anthropic');
  assert.equal(bedrock.find('us.amazon.nova-pro-v1:0')?.vendor, 'amazon');
  assert.equal(bedrock.find('gpt-4o'), null);
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(randomUuid(randomFrom('a')), uuid);
});
