// A time of an answer that is none, such as one in microseconds, does not keep the answer from the
// caller: it has none then.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from './answer-context.ts';

const message = { role: 'assistant', content: 'Tea.' };
const choices = [{ index: 0, message, finish_reason: 'stop' }];

function decoded(dialect: typeof openaiChat, answer: unknown): number | undefined {
  const bytes = Buffer.from(JSON.stringify(answer));
  const response = dialect.decodeResponse(bytes, {}, answerContext);
  for (const other of [openaiChat, openaiResponses, gemini]) {
    other.encodeResponse(response, answerContext);
  }
  return response.createdSeconds;
}

test('a time that is one is kept', () => {
  assert.equal(decoded(openaiChat, { created: 1_700_000_000, choices }), 1_700_000_000);
  assert.equal(
    decoded(openaiResponses, { created_at: 1_700_000_000.9, output: [] }),
    1_700_000_000,
  );
});

for (const created of [-1, 26_781_234_567_890, 1e300, 'soon', null]) {
  test(`no time: ${created}`, () => {
    assert.equal(decoded(openaiChat, { created, choices }), undefined);
    assert.equal(decoded(openaiResponses, { created_at: created, output: [] }), undefined);
  });
}
