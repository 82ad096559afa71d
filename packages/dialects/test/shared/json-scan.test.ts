// Proves that the scan of a body takes what JSON.parse takes and refuses the rest, that its byte
// ranges are those of the values, and that words are found at their depth: tables and random JSON.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maxJsonKeys } from '@entrepot/dialects/json';
import { foundAt, scanJson } from '@entrepot/dialects/json-scan';
import { JsonWatch } from '@entrepot/dialects/json-watch';
import fc from 'fast-check';
import { thrown } from './thrown.ts';

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function accepts(text: string): boolean {
  try {
    scanJson(Buffer.from(text));
    return true;
  } catch {
    return false;
  }
}

const values = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e5',
  '1E+5',
  '1e-5',
  '12345678901234567890',
  'true',
  'false',
  'null',
  '""',
  '"a"',
  '"\\n\\"\\\\\\/\\b\\f\\r\\t"',
  '"\\u00e9\\ud83d"',
  '"é\u{1F600}"',
  '[]',
  '[1,2]',
  '[[],{}]',
  '{}',
  '{"b":{}}',
  ' [ 1 , 2 ] ',
  '"\u007f"',
  '"\u2028"',
];
const wrong = [
  '',
  '01',
  '-',
  '+1',
  '1.',
  '.5',
  '1e',
  '1e+',
  '0x1',
  'NaN',
  'Infinity',
  'tru',
  'True',
  'nul',
  '"',
  '"\\x"',
  '"\\u12g4"',
  '"\\u12',
  '"\n"',
  '"\t"',
  '"\u0000"',
  "'a'",
  '[',
  '[1,',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{',
  '{"b"',
  '{"b":',
  '{"b":1,}',
  '{,}',
  '{b:1}',
  '{"b" 1}',
  '1 2',
  '//',
  ']',
];

describe('what is JSON', () => {
  test('each valid value is taken', () => {
    for (const value of values) assert.ok(accepts(`{"a":${value}}`), value);
  });

  test('each wrong value is refused as invalid_request', () => {
    for (const value of wrong) {
      const text = `{"a":${value}}`;
      assert.ok(!isObjectText(text), `the table is right about ${value}`);
      assert.equal(thrown(() => scanJson(Buffer.from(text))).class, 'invalid_request', value);
    }
  });

  test('only objects are bodies', () => {
    for (const text of ['', ' ', '[]', '1', '"a"', 'null', '{}{}', '{} x', '\uFEFF{}']) {
      assert.ok(!accepts(text), text);
    }
    assert.ok(accepts(' \r\n\t{ } \n'));
  });

  test('bytes that are not UTF-8 are refused', () => {
    const bad = Buffer.from([...Buffer.from('{"a":"'), 0xc3, 0x28, ...Buffer.from('"}')]);
    assert.match(thrown(() => scanJson(bad)).message, /UTF-8/);
  });

  test('the place of the first wrong byte is told', () => {
    const { message } = thrown(() => scanJson(Buffer.from('{"a":1,"b":tru}')));
    assert.equal(message, 'Invalid JSON: unexpected character at byte 14.');
    assert.match(thrown(() => scanJson(Buffer.from('{"a":'))).message, /ends too early/);
  });

  test('128 levels are taken, 129 are not, a million are no danger', () => {
    const nested = (levels: number): Buffer =>
      Buffer.from(`{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`);
    scanJson(nested(128));
    assert.match(thrown(() => scanJson(nested(129))).message, /nesting deeper than 128/);
    assert.match(thrown(() => scanJson(nested(1_000_000))).message, /nesting deeper than 128/);
  });

  test('agrees with JSON.parse on random objects that were damaged', () => {
    const damage = fc.record({
      at: fc.nat(400),
      insert: fc.constantFrom('', ',', '"', '{', ']', '\\', '1', ' ', '\n', 'e'),
    });
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), damage, (object, { at, insert }) => {
        const text = JSON.stringify(object);
        const place = at % text.length;
        const damaged =
          text.slice(0, place) + insert + text.slice(insert === '' ? place + 1 : place);
        assert.equal(accepts(damaged), isObjectText(damaged), damaged);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is told', () => {
  test('ranges are those of the values, in any layout', () => {
    fc.assert(
      fc.property(
        fc.object({ maxDepth: 3 }),
        fc.constantFrom(undefined, 2, '\t'),
        (object, space) => {
          const text = JSON.stringify(object, null, space);
          const bytes = Buffer.from(text);
          const { members, ambiguous } = scanJson(bytes);
          const parsed = JSON.parse(text) as Record<string, unknown>;
          if (ambiguous) return;
          assert.deepEqual([...members.keys()].sort(), Object.keys(parsed).sort());
          for (const { key, start, end } of members.values()) {
            assert.deepEqual(JSON.parse(bytes.toString('utf8', start, end)), parsed[key]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a key that stands twice or has escapes makes the body ambiguous', () => {
    const ambiguous = (text: string): boolean => scanJson(Buffer.from(text)).ambiguous;
    assert.ok(ambiguous('{"model":"a","model":"b"}'));
    assert.ok(ambiguous('{"mod\\u0065l":"a"}'));
    assert.ok(!ambiguous('{"model":"a\\n","x":{"model":1,"mod\\u0065l":2,"model":3}}'));
  });

  test('kinds and bytes of text', () => {
    const text =
      '{"s":"héllo","n":-1.5,"t":true,"z":null,"o":{"a":"xy","url":"long"},"l":["ab",1]}';
    const watch = new JsonWatch({ binary: ['url'] });
    const { members, binaryStrings } = scanJson(Buffer.from(text), watch);
    const told = [...members.values()].map(({ key, kind, textBytes }) => [key, kind, textBytes]);
    assert.deepEqual(told, [
      ['s', 'string', 6],
      ['n', 'number', 0],
      ['t', 'boolean', 0],
      ['z', 'null', 0],
      ['o', 'object', 2],
      ['l', 'array', 2],
    ]);
    assert.equal(binaryStrings, 1);
  });

  test('watched words are found at the depth of their object', () => {
    const watch = new JsonWatch({ keys: ['image_url', 'file'], types: ['image'] });
    const scan = scanJson(
      Buffer.from('{"a":[{"image_url":{}}],"file":1,"t":{"type":"image"},"image":"image"}'),
      watch,
    );
    assert.ok(foundAt(scan, 'image_url', 3) && !foundAt(scan, 'image_url', 1, 2, 4));
    assert.ok(foundAt(scan, 'file', 1));
    assert.ok(foundAt(scan, 'image', 2) && !foundAt(scan, 'image', 1));
    assert.ok(!foundAt(scan, 'absent', 1, 2, 3));
  });

  test('more keys than any API has are refused before they fill the memory', () => {
    const body = (count: number): Buffer =>
      Buffer.from(
        JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [n, n]))),
      );
    assert.equal(scanJson(body(maxJsonKeys)).members.size, maxJsonKeys);
    assert.match(thrown(() => scanJson(body(maxJsonKeys + 1))).message, /more than 1000 keys/);
  });

  test('a key of the prototype is a key', () => {
    const { members } = scanJson(Buffer.from('{"__proto__":{"model":"x"},"constructor":1}'));
    assert.deepEqual([...members.keys()], ['__proto__', 'constructor']);
  });
});
