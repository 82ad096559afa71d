// Proves that members go out of and into the bytes of an object as if it had been read and written
// anew, and that the members that stay keep their bytes. How: properties against JSON.parse.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DialectError } from '../../src/dialect.ts';
import { spliceMembers } from '../../src/json-splice.ts';

const splice = (text: string, without: string[], put: Record<string, string>): string =>
  Buffer.from(spliceMembers(Buffer.from(text), without, put)).toString();

const name = fc.constantFrom('model', 'stream', 'messages', 'anthropic_version', 'x', 'ключ');

test('the object is the one that taking out and putting in makes', () => {
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue({ maxDepth: 2 })),
      fc.uniqueArray(name),
      fc.dictionary(name, fc.jsonValue({ maxDepth: 1 })),
      fc.constantFrom(undefined, 1, '\t'),
      (object, without, put, indent) => {
        const json = Object.fromEntries(
          Object.entries(put).map(([key, value]) => [key, JSON.stringify(value)]),
        );
        const spliced = splice(JSON.stringify(object, null, indent), without, json);
        const expected = JSON.parse(JSON.stringify({ ...object, ...put }));
        for (const key of without) if (!Object.hasOwn(put, key)) delete expected[key];
        assert.deepEqual(JSON.parse(spliced), expected);
      },
    ),
  );
});

test('what stays keeps its bytes, spaces and numbers as they were written', () => {
  const body =
    '{ "model":"a", "messages" : [ 1.0 , "\\u00e9" ],\n "max_tokens": 1e2, "stream":true }';
  assert.equal(
    splice(body, ['model', 'stream'], { anthropic_version: '"v"' }),
    '{"anthropic_version":"v","messages" : [ 1.0 , "\\u00e9" ],\n "max_tokens": 1e2}',
  );
  assert.equal(splice('{"stream":true}', ['stream'], {}), '{}');
  assert.equal(splice('{}', [], { a: '1', b: '2' }), '{"a":1,"b":2}');
});

test('a key that stands twice or with escapes cannot hide a member', () => {
  assert.equal(splice('{"stream":true,"a":1,"stream":false}', ['stream'], {}), '{"a":1}');
  assert.equal(splice('{"str\\u0065am":true,"a":1}', ['stream'], {}), '{"a":1}');
});

test('what is no object is refused', () => {
  for (const body of ['', '[]', '{', '{"a":1}x']) {
    assert.throws(() => splice(body, ['a'], {}), DialectError);
  }
});

test('a key that can only be written with an escape is kept', () => {
  const text = '{"\\t":1,"\\"":{"a":[2]},"model":"m","stream":true}';
  const spliced = splice(text, ['model', 'stream'], { added: '"x"' });
  assert.deepEqual(JSON.parse(spliced), { added: 'x', '\t': 1, '"': { a: [2] } });
});

test('of a key that stands twice the last one is kept, once', () => {
  const spliced = splice('{"a":1,"model":"m","a":2,"added":3}', ['model'], { added: '"x"' });
  assert.equal(spliced, '{"added":"x","a":2}');
});
