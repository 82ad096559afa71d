// Proves that what Google signs, which most dialects have no place for, is left out with a word
// and never with a refusal: in requests, in answers, in streams; and that its signature of a call
// goes to the caller in a thinking before the call, and comes back on the call.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { Block, CanonicalRequest, StreamEvent } from '@entrepot/dialects/canonical';
import type { Dialect, Loss, TargetModel } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from './answer-context.ts';
import { checkEvents, gather } from './event-grammar.ts';

const signed = { signature: 'c2lnbmVk', issuer: 'google' };
const content: readonly Block[] = [
  { type: 'text', text: 'said', ...signed },
  { type: 'tool_call', id: 'a', name: 'f', argumentsJson: '{}', ...signed },
  { type: 'text', text: '', ...signed },
];
const hello: Block = { type: 'text', text: 'hello' };
const answer: Block = { type: 'tool_result', callId: 'a', content: [hello], isError: false };
const request: CanonicalRequest = {
  model: 'm',
  messages: [
    { role: 'user', content: [hello] },
    { role: 'assistant', content },
    { role: 'user', content: [answer] },
  ],
  stream: false,
  includeUsage: true,
};
const model: TargetModel = {
  name: 'm',
  vendor: 'other',
  maxOutputTokens: 4096,
  reasoning: false,
  jsonSchema: true,
};

const candidate = { candidate: 0 } as const;
const events: readonly StreamEvent[] = [
  { type: 'start', id: 'r', model: 'm' },
  { type: 'block_start', ...candidate, index: 0, block: { type: 'text' } },
  { type: 'block_delta', ...candidate, index: 0, text: 'said' },
  { type: 'block_signature', ...candidate, index: 0, ...signed },
  { type: 'block_stop', ...candidate, index: 0 },
  {
    type: 'block_start',
    ...candidate,
    index: 1,
    block: { type: 'tool_call', id: 'a', name: 'f' },
  },
  { type: 'block_delta', ...candidate, index: 1, text: '{}' },
  { type: 'block_signature', ...candidate, index: 1, ...signed },
  { type: 'block_stop', ...candidate, index: 1 },
  { type: 'stop', ...candidate, stop: { reason: 'tool_call', raw: 'STOP' } },
  { type: 'end' },
];

function told(losses: readonly Loss[]): string[] {
  assert.ok(losses.every(loss => loss.isMinor === true));
  return losses.map(loss => loss.field);
}

function signatures(place: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${place}.content[${at}].signature`);
}

for (const dialect of [anthropicMessages, bedrockConverse, openaiResponses] as Dialect[]) {
  describe(dialect.name, () => {
    test('a request has no signature and no empty text', () => {
      const { body, losses } = dialect.encodeRequest(request, model);
      assert.deepEqual(told(losses).sort(), signatures('messages[1]', 3));
      assert.ok(!String(body).includes(signed.signature));
      assert.ok(!String(body).includes('"text":""'));
    });

    test('an answer has that of the call alone', () => {
      const stop = { reason: 'tool_call', raw: 'STOP' } as const;
      const candidates = [{ index: 0, content, stop }];
      const response = { id: 'r', model: 'm', candidates, usage: null };
      const { body, losses } = dialect.encodeResponse(response, answerContext);
      const places = [0, 3].map(place => `candidates[0].content[${place}].signature`);
      assert.deepEqual(told(losses).sort(), places);
      assert.equal(String(body).split(signed.signature).length, 2);
    });

    test('a call in a stream is signed where its signature is known from the start', () => {
      const encoder = dialect.encoder(answerContext);
      const begun = events.map(event =>
        event.type === 'block_start' && event.block.type === 'tool_call'
          ? { ...event, block: { ...event.block, ...signed } }
          : event,
      );
      const isLate = (event: StreamEvent): boolean => event.type === 'block_signature';
      const written = begun.filter(event => !isLate(event)).map(event => encoder.push(event));
      assert.deepEqual(encoder.losses, []);
      const decoder = dialect.decoder(answerContext);
      const again = [...decoder.push(Buffer.concat(written)), ...decoder.end()];
      checkEvents(again, { interleaved: false });
      const types = gather(again)
        .candidates.get(0)!
        .map(({ type }) => type);
      assert.deepEqual(types, ['text', 'thinking', 'tool_call']);
      assert.equal(again.at(-1)!.type, 'end');
    });

    test('a stream has none that comes too late, and is whole all the same', () => {
      const encoder = dialect.encoder(answerContext);
      const bytes = Buffer.concat(events.map(event => encoder.push(event)));
      assert.deepEqual(told(encoder.losses), signatures('candidates[0]', 2));
      assert.ok(!bytes.includes(signed.signature));
      const decoder = dialect.decoder(answerContext);
      const again = [...decoder.push(bytes), ...decoder.end()];
      assert.equal(again.at(-1)!.type, 'end');
    });
  });
}

test('gemini leaves out what others signed, and says so', () => {
  const others = { signature: 's', issuer: 'anthropic' };
  const said: readonly Block[] = [
    { type: 'thinking', text: 'a', ...others },
    { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
    { type: 'tool_call', id: 'a', name: 'f', argumentsJson: '{}', ...others },
  ];
  const messages = request.messages.map(m =>
    m.role === 'assistant' ? { ...m, content: said } : m,
  );
  const { losses } = gemini.encodeRequest({ ...request, messages }, model);
  const places = ['content[0]', 'content[1]', 'content[2].signature'];
  assert.deepEqual(
    told(losses),
    places.map(place => `messages[1].${place}`),
  );
});
