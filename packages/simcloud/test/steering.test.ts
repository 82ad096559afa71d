// Proves that words in a prompt steer what a simulated model answers, and that words which cannot
// be read steer nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRequest, Message } from '@entrepot/dialects/canonical';
import { steeringOf } from '../src/steering.ts';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const request = (...messages: Message[]): CanonicalRequest => ({
  model: 'any',
  stream: false,
  includeUsage: false,
  messages,
});

test('a call is steered with its name and its arguments', () => {
  const args = '{"cmd":"input=9 > a[0]","tools":[1,[2, 3]]}';
  const steering = steeringOf(request(user(`Do. [[simulate output=3 call=run-it args=${args}]]`)));
  assert.equal(steering.outputTokens, 3);
  assert.equal(steering.inputTokens, null, 'arguments are no words');
  assert.deepEqual(steering.call, { name: 'run-it', argumentsJson: args });
});

test('a call without arguments has none, and words without their end steer nothing', () => {
  const { call } = steeringOf(request(user('[[simulate call=look]]')));
  assert.deepEqual(call, { name: 'look', argumentsJson: '{}' });
  assert.equal(steeringOf(request(user('[[simulate call=look'))).call, null);
});

test('what the system says after the user leaves the steering, an answer ends it', () => {
  const asked = user('[[simulate tools=2]]');
  const system: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] };
  const answer: Message = { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] };
  assert.equal(steeringOf(request(asked, system)).toolCalls, 2);
  assert.equal(steeringOf(request(asked, answer)).toolCalls, null);
});
