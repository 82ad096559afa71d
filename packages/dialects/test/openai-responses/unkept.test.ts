// Proves that bytes which pass on with `store: false` say otherwise what they said before, and that
// a wish to keep is read the same from bytes and from the decoded body. How: bodies made by
// fast-check, and those that have tripped such readers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { inputText, readKeepingWish } from '@entrepot/dialects/openai-responses/keeping-wish';
import { scan } from '@entrepot/dialects/openai-responses/scan';
import { spliceUnkept } from '@entrepot/dialects/openai-responses/unkept';
import fc from 'fast-check';

const thinker: TargetModel = {
  name: 'gpt-5.4',
  vendor: 'openai',
  maxOutputTokens: null,
  reasoning: true,
  jsonSchema: true,
};
const plain: TargetModel = { ...thinker, reasoning: false };
const encrypted = 'reasoning.encrypted_content';

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const bodies = fc.record({
  model: fc.constantFrom('gpt-5.4', 'any', 'ä'),
  input: fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.dictionary(fc.string(), fc.string())),
  ),
  store: optional(fc.constantFrom(true, false, null)),
  include: optional(
    fc.option(fc.array(fc.constantFrom(encrypted, 'message.output_text.logprobs', '}"'))),
  ),
  more: optional(fc.jsonValue()),
});
const spaces = fc.constantFrom(undefined, 1, '\t');

test('only the model, store and include of a body are changed', () => {
  fc.assert(
    fc.property(bodies, spaces, fc.boolean(), (body, space, reasons) => {
      const bytes = Buffer.from(JSON.stringify(body, null, space));
      const target = reasons ? thinker : plain;
      const sent = JSON.parse(Buffer.concat(spliceUnkept(bytes, scan(bytes)!, target)).toString());
      const words = body.include ?? [];
      const include = words.includes(encrypted) ? words : [...words, encrypted];
      const before = JSON.parse(JSON.stringify(body));
      const expected = { ...before, model: target.name, store: false };
      assert.deepEqual(sent, reasons ? { ...expected, include } : expected);
    }),
  );
});

test('a wish is the same in bytes that are scanned and in those that are decoded', () => {
  const fields = fc.record({
    store: optional(fc.constantFrom(true, false, null)),
    previous_response_id: optional(fc.constantFrom('resp_1', '', null)),
    conversation: optional(fc.constantFrom('c', { id: 'c' }, null)),
    background: optional(fc.constantFrom(true, false, null)),
    input: optional(fc.string()),
  });
  fc.assert(
    fc.property(fields, body => {
      const bytes = Buffer.from(JSON.stringify({ model: 'any', ...body }));
      const wish = readKeepingWish(bytes, scan(bytes));
      assert.deepEqual(wish, readKeepingWish(bytes, null));
      assert.equal(wish.store, body.store ?? null);
      assert.equal(wish.previous, body.previous_response_id || null);
      assert.equal(wish.background, body.background === true);
      assert.equal(wish.conversation, (body.conversation ?? null) !== null);
      assert.equal(inputText(bytes, scan(bytes)), inputText(bytes, null));
    }),
  );
});

test('a wish of a wrong type is refused by name', () => {
  for (const field of [{ store: 1 }, { previous_response_id: 7 }]) {
    const bytes = Buffer.from(JSON.stringify({ model: 'any', ...field }));
    const names = new RegExp(Object.keys(field)[0]!);
    assert.throws(() => readKeepingWish(bytes, scan(bytes)), names);
  }
});
