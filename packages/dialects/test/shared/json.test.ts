// Proves that JSON from outside cannot exhaust the stack or reach a prototype, and that a wrong
// field is named by its path.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDataUrl, plainBase64, plainMediaType } from '@entrepot/dialects/data-url';
import { ObjectReader, parseJson, parseJsonText } from '@entrepot/dialects/json';
import { retryAfterMs } from '@entrepot/dialects/retry-after';
import { thrown } from './thrown.ts';

test('nesting is limited, brackets in strings do not count', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  assert.ok(Array.isArray(parseJsonText(nested(128), 'upstream')));
  assert.match(thrown(() => parseJsonText(nested(129), 'upstream')).message, /deeper than 128/);
  const text = JSON.stringify({ a: '['.repeat(500), b: '\\"['.repeat(200) });
  assert.deepEqual(parseJsonText(text, 'upstream'), JSON.parse(text));
  assert.equal(thrown(() => parseJsonText('['.repeat(1_000_000), 'upstream')).class, 'upstream');
});

test('an error tells the place and not the text', () => {
  const error = thrown(() => parseJson(Buffer.from('{"secret": hunter2}'), 'invalid_request'));
  assert.equal(error.class, 'invalid_request');
  assert.doesNotMatch(error.message, /hunter2/);
});

test('wrong types are refused with the path of the field', () => {
  const body = new ObjectReader({ messages: [{ content: [{ type: 1 }] }], n: 1.5, s: 'x' }, '');
  const part = body.objects('messages')![0]!.objects('content')![0]!;
  assert.equal(thrown(() => part.string('type')).field, 'messages[0].content[0].type');
  assert.equal(thrown(() => body.integer('n')).field, 'n');
  assert.equal(thrown(() => body.child('s')).field, 's');
  assert.equal(thrown(() => body.oneOf('s', ['a', 'b'])).class, 'invalid_request');
  assert.equal(thrown(() => body.requiredString('absent')).field, 'absent');
});

test('keys of the prototype are not fields, and fields of its name do no harm', () => {
  const body = new ObjectReader(JSON.parse('{"__proto__":{"model":"x"},"a":1}'), '');
  assert.equal(body.value('toString'), undefined);
  assert.equal(body.value('model'), undefined);
  const rest = body.unknownFields(new Set(['a']))!;
  assert.ok(Object.hasOwn(rest, '__proto__'));
  assert.equal(Object.getPrototypeOf(rest), Object.prototype);
});

test('data URLs are read with parameters, line breaks and wrong names', () => {
  const png = { mediaType: 'image/png', data: 'AAAA' };
  assert.deepEqual(parseDataUrl('data:image/png;base64,AAAA'), png);
  assert.deepEqual(parseDataUrl('data:image/png;charset=utf-8;base64,AA\r\nAA'), png);
  assert.deepEqual(parseDataUrl('DATA:IMAGE/PNG;BASE64, AAAA '), png);
  assert.equal(parseDataUrl('data:image/jpg;base64,AAAA')!.mediaType, 'image/jpeg');
  assert.equal(parseDataUrl('data:image/svg+xml,<svg/>'), null);
  assert.equal(parseDataUrl('https://example.com/a.png'), null);
  assert.equal(parseDataUrl('data:image/png;base64'), null);
  assert.equal(plainMediaType('Text/Plain; charset=utf-8'), 'text/plain');
  assert.equal(plainBase64('AA AA\n'), 'AAAA');
});

test('the time to wait is read from each form of the header', () => {
  assert.equal(retryAfterMs({ 'retry-after-ms': '1500' }), 1500);
  assert.equal(retryAfterMs({ 'retry-after': '3' }), 3000);
  assert.equal(retryAfterMs({ 'retry-after-ms': '20', 'retry-after': '3' }), 20);
  const date = 'Tue, 24 Nov 2026 10:00:00 GMT';
  const later = 'Tue, 24 Nov 2026 10:00:05 GMT';
  assert.equal(retryAfterMs({ 'retry-after': later, date }), 5000);
  assert.equal(retryAfterMs({ 'retry-after': date, date: later }), 0);
  for (const odd of ['', '120s', '-1', '1.5', 'soon', later]) {
    assert.equal(retryAfterMs({ 'retry-after': odd }), undefined, odd);
  }
});
