// Proves that the state which Google hangs on a call passes through callers and hosts of this
// dialect, where Google's own endpoint of it has it, and goes back to Google alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, CanonicalRequest, Message, StreamEvent } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { gather } from '../shared/event-grammar.ts';
import { decodeStream } from './chat-streams.ts';
import { checkChunks } from './chunk-grammar.ts';

const issuer = 'google';
const call: Block = {
  type: 'tool_call',
  id: 'a',
  name: 'f',
  argumentsJson: '{}',
  signature: 's',
  issuer,
};
const second: Block = { type: 'tool_call', id: 'b', name: 'f', argumentsJson: '{}' };
const extra = { google: { thought_signature: 's' } };

function history(content: readonly Block[], vendor: string): [Record<string, unknown>, string[]] {
  const message: Message = { role: 'assistant', content };
  const request: CanonicalRequest = {
    model: 'm',
    messages: [message],
    stream: false,
    includeUsage: false,
  };
  const { body, losses } = openaiChat.encodeRequest(request, { ...plainTarget, vendor });
  const { messages } = JSON.parse(String(body)) as { messages: [Record<string, unknown>] };
  return [messages[0], losses.map(loss => loss.field)];
}

test('a whole answer has it in the call, and the call brings it back as history', () => {
  const response = {
    id: 'r',
    model: 'm',
    candidates: [
      { index: 0, content: [call, second], stop: { reason: 'tool_call', raw: 'tool_calls' } },
    ],
    usage: null,
  } as const;
  const { body, losses } = openaiChat.encodeResponse(response, answerContext);
  assert.deepEqual(losses, []);
  const again = openaiChat.decodeResponse(body, {}, answerContext);
  assert.deepEqual(again.candidates[0]!.content, [call, second]);
  const written = JSON.parse(String(body)) as { choices: [{ message: Record<string, unknown> }] };
  const { message } = written.choices[0];
  const calls = message.tool_calls as Record<string, unknown>[];
  assert.deepEqual(calls[0]!.extra_content, extra);
  assert.ok(!('extra_content' in calls[1]!));
  const sent = { model: 'm', messages: [message] };
  const request = openaiChat.decodeRequest(Buffer.from(JSON.stringify(sent)));
  assert.deepEqual(request.messages[0]!.content, [call, second]);
});

test('other spellings are understood, other types are not taken', () => {
  const read = (more: object): string | undefined => {
    const fn = { name: 'f', arguments: '{}' };
    const tool_calls = [{ id: 'a', type: 'function', function: fn, ...more }];
    const sent = { model: 'm', messages: [{ role: 'assistant', tool_calls }] };
    const request = openaiChat.decodeRequest(Buffer.from(JSON.stringify(sent)));
    const [block] = request.messages[0]!.content;
    return block?.type === 'tool_call' ? block.signature : undefined;
  };
  assert.equal(read({ extra_content: { vertex: { thought_signature: 's' } } }), 's');
  assert.equal(read({ provider_specific_fields: { thought_signature: 's' } }), 's');
  assert.equal(read({ extra_content: { google: { thought_signature: 1 } } }), undefined);
  assert.equal(read({ extra_content: 'x' }), undefined);
});

test('it goes to Google alone; a text with nothing but a signature says nothing', () => {
  const empty: Block = { type: 'text', text: '', signature: 't', issuer };
  const calls = ([message]: [Record<string, unknown>, string[]]): Record<string, unknown> =>
    (message.tool_calls as Record<string, unknown>[])[0]!;
  assert.deepEqual(calls(history([call], 'google')).extra_content, extra);
  assert.ok(!('extra_content' in calls(history([call], 'openai'))));
  const [message, lost] = history([call, empty], 'openai');
  assert.equal(message.content, null);
  const places = [0, 1].map(place => `messages[0].content[${place}].signature`);
  assert.deepEqual(lost, places);
  assert.deepEqual(history([call, empty], 'google')[1], ['messages[0].content[1].signature']);
});

test('a stream has it under the number of its call; of a text it is reported', () => {
  const at = (index: number): { candidate: number; index: number } => ({ candidate: 0, index });
  const block = { type: 'tool_call', id: 'a', name: 'f' } as const;
  const events: StreamEvent[] = [
    { type: 'start', id: 'r', model: 'm' },
    { type: 'block_start', ...at(0), block },
    { type: 'block_delta', ...at(0), text: '{}' },
    { type: 'block_signature', ...at(0), signature: 's', issuer },
    { type: 'block_stop', ...at(0) },
    { type: 'block_start', ...at(1), block: { type: 'text' } },
    { type: 'block_delta', ...at(1), text: 'x' },
    { type: 'block_signature', ...at(1), signature: 't', issuer },
    { type: 'block_stop', ...at(1) },
    { type: 'stop', candidate: 0, stop: { reason: 'tool_call', raw: 'STOP' } },
    { type: 'end' },
  ];
  const encoder = openaiChat.encoder({ ...answerContext, includeUsage: false });
  const bytes = Buffer.concat(events.map(event => encoder.push(event)));
  checkChunks(bytes, false);
  assert.deepEqual(
    encoder.losses.map(loss => loss.field),
    ['candidates[0].content[1].signature'],
  );
  const again = decodeStream([bytes]);
  const [read] = gather(again).candidates.get(0)!;
  assert.deepEqual(read, { type: 'tool_call', id: 'a', name: 'f', text: '{}', signature: 's' });
  assert.equal(again.find(event => event.type === 'block_signature')?.issuer, issuer);
});
