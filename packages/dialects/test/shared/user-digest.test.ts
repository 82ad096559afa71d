// Proves that an id of an end user that openai would refuse for its length, such as coding agents
// send to Claude, still tells one user from another in openai's dialects. How: encoders' bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';

const target = {
  name: 'gpt-5.4',
  vendor: 'openai',
  maxOutputTokens: null,
  reasoning: false,
  jsonSchema: true,
};

for (const dialect of [openaiChat, openaiResponses]) {
  const userOf = (user: string): string => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] as const;
    const request = { model: 'm', messages, stream: false, includeUsage: true, user };
    const { body, losses } = dialect.encodeRequest(request, target);
    assert.deepEqual(losses, []);
    return JSON.parse(Buffer.from(body).toString()).user;
  };

  test(`${dialect.name} has an id of 64 characters as it is, and a longer one as its hash`, () => {
    const fits = 'u'.repeat(64);
    assert.equal(userOf(fits), fits);
    const [one, other] = [userOf(`user_${'a'.repeat(90)}`), userOf(`user_${'b'.repeat(90)}`)];
    assert.match(one, /^[0-9a-f]{64}$/);
    assert.notEqual(one, other);
    assert.equal(userOf(`user_${'a'.repeat(90)}`), one);
  });
}
