// Proves that an answer of another dialect is told whole to a caller of this one and to Anthropic's
// SDK, and that what cannot be told is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { Block, CanonicalResponse } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { sdkWhole } from './sdk-reader.ts';

const { encodeResponse } = anthropicMessages;

function answer(...content: readonly Block[]): CanonicalResponse {
  const stop = { reason: 'stop_sequence', raw: 'stop_sequence', sequence: 'X' } as const;
  return { id: '', model: '', candidates: [{ index: 0, content, stop }], usage: null };
}

test('an answer of openai-chat is what the SDK reads', async () => {
  const call = (id: string, args: string): object => ({
    id,
    type: 'function',
    function: { name: 'f', arguments: args },
  });
  const message = {
    role: 'assistant',
    content: 'Let me see.',
    reasoning_content: 'hm',
    tool_calls: [call('call_1', ''), call('call_2', '{"a":1}')],
  };
  const body = {
    id: 'chatcmpl-1',
    model: 'gpt',
    choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    usage: {
      prompt_tokens: 30,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 10 },
    },
  };
  const bytes = Buffer.from(JSON.stringify(body));
  const { body: written, losses } = encodeResponse(
    openaiChat.decodeResponse(bytes, {}, answerContext),
    answerContext,
  );
  assert.deepEqual(losses, []);
  const read = await sdkWhole(written);
  assert.deepEqual(read.content, [
    { type: 'thinking', thinking: 'hm', signature: '' },
    { type: 'text', text: 'Let me see.' },
    { type: 'tool_use', id: 'call_1', name: 'f', input: {} },
    { type: 'tool_use', id: 'call_2', name: 'f', input: { a: 1 } },
  ]);
  assert.equal(read.id, 'chatcmpl-1');
  assert.equal(read.stop_reason, 'tool_use');
  assert.equal(read.usage.input_tokens, 20);
  assert.equal(read.usage.cache_read_input_tokens, 10);
  assert.equal(read.usage.output_tokens, 5);
});

test('what there is no place for is reported, and what is missing is filled in', () => {
  const foreign = { dialect: 'openai-chat', value: {} };
  const given = answer(
    { type: 'text', text: 'a', citations: foreign },
    { type: 'text', text: '' },
    { type: 'refusal', text: 'no' },
    { type: 'tool_call', id: 'c', name: 'f', argumentsJson: '{"a":' },
    { type: 'native', native: foreign },
    { type: 'audio', source: { kind: 'url', url: 'x' } },
    { type: 'thinking', text: 't', signature: 's', issuer: 'deepseek' },
    { type: 'redacted_thinking', data: 'd' },
  );
  const [first] = given.candidates;
  const { body, losses } = encodeResponse(
    { ...given, candidates: [{ ...first!, logprobs: foreign }, first!] },
    answerContext,
  );
  assert.deepEqual(
    losses.map(loss => loss.field),
    [
      'candidates[1]',
      'candidates[0].logprobs',
      'candidates[0].content[0].citations',
      'candidates[0].content[3].argumentsJson',
      'candidates[0].content[4]',
      'candidates[0].content[5]',
    ],
  );
  assert.deepEqual(JSON.parse(String(body)), {
    id: 'req_1',
    type: 'message',
    role: 'assistant',
    model: 'model-of-context',
    content: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'no' },
      { type: 'tool_use', id: 'c', name: 'f', input: {} },
      { type: 'thinking', thinking: 't', signature: 'entrepot.deepseek.s' },
      { type: 'redacted_thinking', data: 'entrepot..d' },
    ],
    stop_reason: 'stop_sequence',
    stop_sequence: 'X',
    usage: {
      input_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: 0,
      service_tier: null,
    },
  });
});
