// Proves that a body of Nova's own is the body of Converse that asks for the same, in both of its
// spellings, and that what Converse has no place for is refused by its name. How: fixed bodies, and
// a property that no body does anything but be read or be refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DialectError } from '../../src/dialect.ts';
import { novaToConverse } from '../../src/nova-invoke.ts';

const opened = (body: unknown): unknown =>
  JSON.parse(Buffer.from(novaToConverse(Buffer.from(JSON.stringify(body)))).toString());

const messages = [{ role: 'user', content: [{ text: 'hi' }] }];

test('fields of inference are read in both spellings', () => {
  const converse = {
    messages,
    system: [{ text: 'Be brief.' }],
    inferenceConfig: { maxTokens: 9, topP: 0.5, temperature: 0, stopSequences: ['|'] },
    additionalModelRequestFields: { inferenceConfig: { topK: 3 } },
  };
  const { system } = converse;
  const common = { temperature: 0, stopSequences: ['|'] };
  const snake = { max_new_tokens: 9, top_p: 0.5, top_k: 3, ...common };
  const camel = { maxTokens: 9, topP: 0.5, topK: 3, ...common };
  assert.deepEqual(
    opened({ schemaVersion: 'messages-v1', messages, system, inferenceConfig: snake }),
    converse,
  );
  assert.deepEqual(opened({ messages, system, inferenceConfig: camel }), converse);
  assert.deepEqual(opened({ schemaVersion: 'messages-v1', messages }), {
    messages,
    inferenceConfig: {},
  });
});

test('what Converse has no place for is refused by its name', () => {
  for (const [body, field] of [
    [{ messages, reasoningConfig: {} }, 'reasoningConfig'],
    [{ messages, inferenceConfig: { seed: 1 } }, 'inferenceConfig.seed'],
    [{ messages, inferenceConfig: 5 }, 'inferenceConfig'],
    [{ messages, schemaVersion: 'messages-v2' }, 'schemaVersion'],
  ] as const) {
    assert.throws(
      () => opened(body),
      error => error instanceof DialectError && error.error.field === field,
    );
  }
});

test('G11: any body is read or refused', () => {
  const key = fc.constantFrom('schemaVersion', 'messages', 'inferenceConfig', 'system', 'x');
  fc.assert(
    fc.property(fc.dictionary(key, fc.jsonValue()), body => {
      try {
        opened(body);
      } catch (cause) {
        assert.ok(cause instanceof DialectError);
      }
    }),
  );
});
