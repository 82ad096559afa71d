// Proves that an answer which stopped for a tool that only this dialect has is not said elsewhere
// to have stopped for a call: clients would look for one and find none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { decodeStream } from './response-streams.ts';

const shell = {
  id: 'sh_1',
  type: 'shell_call',
  call_id: 'c',
  status: 'completed',
  action: { commands: ['ls'] },
};
const call = { id: 'fc_1', type: 'function_call', call_id: 'd', name: 'f', arguments: '{}' };

function answer(...output: readonly object[]): object {
  return { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output };
}

function bytes(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function reasons(...output: readonly object[]): readonly unknown[] {
  const whole = openaiResponses.decodeResponse(bytes(answer(...output)), {}, answerContext);
  const items = output.flatMap((item, output_index) => [
    { type: 'response.output_item.added', output_index, item },
    { type: 'response.output_item.done', output_index, item },
  ]);
  const events = [
    { type: 'response.created', response: { ...answer(), status: 'in_progress' } },
    ...items,
    { type: 'response.completed', response: answer(...output) },
  ];
  const text = events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const streamed = decodeStream([Buffer.from(text.join(''))]);
  const stop = streamed.find(event => event.type === 'stop');
  return [whole.candidates[0]!.stop.reason, stop?.stop.reason];
}

test('a call of its own kind alone is no call', () => {
  assert.deepEqual(reasons(shell), ['end', 'end']);
  assert.deepEqual(reasons(shell, call), ['tool_call', 'tool_call']);
});

test('other dialects say that such an answer has ended', () => {
  const canonical = openaiResponses.decodeResponse(bytes(answer(shell)), {}, answerContext);
  const chat = openaiChat.encodeResponse(canonical, answerContext);
  assert.match(Buffer.from(chat.body).toString(), /"finish_reason":"stop"/);
  assert.equal(chat.losses.length, 1);
  const messages = anthropicMessages.encodeResponse(canonical, answerContext);
  assert.match(Buffer.from(messages.body).toString(), /"stop_reason":"end_turn"/);
});
