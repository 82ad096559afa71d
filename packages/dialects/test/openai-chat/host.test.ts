// Proves that a request is written as a host takes it, by flags that say how the host differs, and
// that bytes are let through only to a host that would do what they say.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostHabits } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { plainTarget } from '../shared/answer-context.ts';

const question = [{ role: 'user', content: 'Q' }];

/**
 * A request of a caller, re-written for a host: its body and what was lost, in the caller's words.
 */
function rewritten(request: object, host: HostHabits | undefined, vendor = 'meta') {
  const body = Buffer.from(JSON.stringify({ model: 'any', messages: question, ...request }));
  const canonical = openaiChat.decodeRequest(body);
  const target = { ...plainTarget, vendor, ...(host === undefined ? {} : { host }) };
  const encoded = openaiChat.encodeRequest(canonical, target);
  return {
    body: JSON.parse(String(encoded.body)),
    lost: encoded.losses.map(
      ({ field, isMinor }) => openaiChat.fieldName(field) + (isMinor ? ' minor' : ''),
    ),
  };
}

function isTaken(request: object, host: HostHabits | undefined): boolean {
  const body = Buffer.from(JSON.stringify({ model: 'any', messages: question, ...request }));
  const target = { ...plainTarget, ...(host === undefined ? {} : { host }) };
  return openaiChat.takes!(body, openaiChat.scan(body)!, target);
}

describe('fields that a host lacks', () => {
  const groq: HostHabits = { lacks: ['logprobs', 'top_logprobs', 'logit_bias', 'n'] };

  test('are left out and named, each in the words of the caller', () => {
    const asked = { n: 2, logprobs: true, top_logprobs: 3, logit_bias: { 5: -1 }, seed: 4 };
    const { body, lost } = rewritten(asked, groq);
    assert.deepEqual(body, { model: plainTarget.name, messages: question, seed: 4 });
    assert.deepEqual(lost.toSorted(), ['logit_bias', 'logprobs', 'n']);
  });

  test('are no loss at the value that a host uses anyway', () => {
    const host = { lacks: ['n', 'parallel_tool_calls', 'tool_choice', 'frequency_penalty'] };
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const asked = { n: 1, parallel_tool_calls: true, tool_choice: 'auto', frequency_penalty: 0 };
    const { body, lost } = rewritten({ ...asked, tools }, host);
    assert.deepEqual(lost, []);
    assert.deepEqual(Object.keys(body), ['model', 'messages', 'tools']);
    const forced = rewritten({ ...asked, tools, tool_choice: 'required' }, host);
    assert.deepEqual(forced.lost, ['tool_choice']);
  });

  test('are a minor loss where they are only a hint', () => {
    assert.deepEqual(rewritten({ user: 'u' }, { lacks: ['user'] }).lost, ['user minor']);
  });

  test('are seen also among those that only this dialect knows', () => {
    const { body, lost } = rewritten({ min_p: 0.1, top_a: 1 }, { lacks: ['min_p'] });
    assert.deepEqual([body.top_a, body.min_p, lost], [1, undefined, ['min_p']]);
  });

  test('usage in streams is not asked for where it cannot be', () => {
    assert.deepEqual(rewritten({ stream: true }, {}).body.stream_options, { include_usage: true });
    const { body, lost } = rewritten({ stream: true }, { lacks: ['stream_options'] });
    assert.deepEqual([body.stream_options, lost], [undefined, []]);
  });
});

describe('other names', () => {
  test('of the limit of tokens, by what the host lacks', () => {
    const asked = { max_completion_tokens: 9 };
    assert.equal(rewritten(asked, {}).body.max_tokens, 9);
    assert.equal(rewritten(asked, { lacks: ['max_tokens'] }).body.max_completion_tokens, 9);
    assert.deepEqual(rewritten(asked, { lacks: ['max_tokens'] }).lost, []);
  });

  test('of the seed at Mistral', () => {
    const { body } = rewritten({ seed: 7 }, { renames: { seed: 'random_seed' } });
    assert.deepEqual([body.random_seed, body.seed], [7, undefined]);
  });
});

describe('open weights of openai on a host of their own', () => {
  const messages = [
    { role: 'developer', content: 'Be brief.' },
    { role: 'assistant', content: 'Yes.', reasoning_content: 'Hm.' },
    { role: 'user', content: 'Go.' },
  ];
  const asked = { messages, temperature: 0.2, max_completion_tokens: 50, reasoning_effort: 'low' };

  test('take sampling, the plain limit, `system`, and their thinking back', () => {
    const { body, lost } = rewritten(asked, { thinkingField: 'reasoning' }, 'openai');
    assert.deepEqual(lost, []);
    assert.deepEqual([body.temperature, body.max_tokens, body.reasoning_effort], [0.2, 50, 'low']);
    assert.equal(body.messages[0].role, 'system');
    assert.equal(body.messages[1].reasoning, 'Hm.');
  });

  test('while openai itself keeps its own rules', () => {
    const { body, lost } = rewritten(asked, undefined, 'openai');
    assert.deepEqual(lost.toSorted(), ['messages minor', 'temperature']);
    assert.deepEqual([body.max_completion_tokens, body.messages[0].role], [50, 'developer']);
  });
});

describe('messages', () => {
  test('thinking goes back in the field of the host, or is left out with a word', () => {
    const messages = [{ role: 'assistant', content: 'A', reasoning: 'why' }];
    assert.equal(rewritten({ messages }, {}).body.messages[0].reasoning_content, 'why');
    const none = rewritten({ messages }, { thinkingField: null });
    assert.deepEqual(none.body.messages, [{ role: 'assistant', content: 'A' }]);
    assert.deepEqual(none.lost, ['messages minor']);
  });

  test('names of speakers are lost where the host refuses them', () => {
    const messages = [{ role: 'user', name: 'ann', content: 'A' }];
    assert.equal(rewritten({ messages }, {}).body.messages[0].name, 'ann');
    const { body, lost } = rewritten({ messages }, { messageNames: false });
    assert.deepEqual([body.messages, lost], [[{ role: 'user', content: 'A' }], ['messages']]);
  });

  test('a host that knows the role `developer` gets it', () => {
    const messages = [{ role: 'developer', content: 'A' }];
    assert.equal(
      rewritten({ messages }, { developerRole: true }).body.messages[0].role,
      'developer',
    );
  });
});

describe('bytes go on as they are', () => {
  test('to everyone who is no such host, and to hosts that have all they say', () => {
    assert.ok(isTaken({ n: 2, messages: [{ role: 'developer', content: 'A' }] }, undefined));
    assert.ok(isTaken({ n: 2, stream: true }, { lacks: ['logprobs'] }));
  });

  test('and not where a field is lacking, otherwise named, or spliced in', () => {
    assert.ok(!isTaken({ n: 2 }, { lacks: ['n'] }));
    assert.ok(!isTaken({ max_completion_tokens: 1 }, { lacks: ['max_completion_tokens'] }));
    assert.ok(!isTaken({ seed: 1 }, { renames: { seed: 'random_seed' } }));
    assert.ok(!isTaken({ stream: true }, { lacks: ['stream_options'] }));
    assert.ok(isTaken({ stream: false }, { lacks: ['stream_options'] }));
  });

  test('and not with a limit that reasoning models of openai refuse under its old name', () => {
    const taken = (request: object, target: object) => {
      const body = Buffer.from(JSON.stringify({ model: 'any', messages: question, ...request }));
      const to = { ...plainTarget, vendor: 'openai', ...target };
      return openaiChat.takes!(body, openaiChat.scan(body)!, to);
    };
    assert.ok(!taken({ max_tokens: 9 }, {}));
    assert.ok(taken({ max_tokens: 9 }, { reasoning: false }));
    assert.ok(taken({ max_completion_tokens: 9 }, {}));
    assert.equal(rewritten({ max_tokens: 9 }, undefined, 'openai').body.max_completion_tokens, 9);
  });

  test('and not with a role that the host does not know', () => {
    const messages = [{ role: 'developer', content: 'A' }];
    assert.ok(!isTaken({ messages }, {}));
    assert.ok(isTaken({ messages }, { developerRole: true }));
    assert.ok(isTaken({ messages: [{ role: 'user', content: '"role":"developer"' }] }, {}));
    assert.ok(
      isTaken({ messages: [{ role: 'user', content: 'developer', name: 'developer' }] }, {}),
    );
    const spaced = `{"model":"any","messages":[{"name":"developer","role" \n:  "developer","content":""}]}`;
    const body = Buffer.from(spaced);
    const target = { ...plainTarget, host: {} };
    assert.ok(!openaiChat.takes!(body, openaiChat.scan(body)!, target));
  });

  test('and not to openai with what another vendor thought', () => {
    const taken = (more: object, vendor: string) => {
      const said = { role: 'assistant', content: 'A', ...more };
      const body = Buffer.from(JSON.stringify({ model: 'any', messages: [...question, said] }));
      return openaiChat.takes!(body, openaiChat.scan(body)!, { ...plainTarget, vendor });
    };
    for (const more of [{ thinking_blocks: [] }, { reasoning_content: 'hmm' }]) {
      assert.ok(!taken(more, 'openai'));
      assert.ok(taken(more, 'meta'));
    }
    assert.ok(!taken({ tool_calls: [{ extra_content: {} }] }, 'openai'));
    assert.ok(taken({ content: '"thinking_blocks"' }, 'openai'));
  });
});

describe('answers that a host of Responses does not keep', () => {
  const written = (request: object, host: HostHabits) => {
    const body = Buffer.from(JSON.stringify({ model: 'any', input: 'Q', ...request }));
    const target = { ...plainTarget, host };
    const isAsIs = openaiResponses.takes!(body, openaiResponses.scan(body)!, target);
    const { losses } = openaiResponses.encodeRequest(openaiResponses.decodeRequest(body), target);
    return { isAsIs, lost: losses.map(loss => loss.field) };
  };

  test('cannot be referred to: the field is vital, so that the request is refused', () => {
    const { isAsIs, lost } = written({ previous_response_id: 'resp_1', store: false }, {});
    assert.deepEqual([isAsIs, lost], [false, ['extensions.previous_response_id']]);
    assert.ok(openaiResponses.vital.has(lost[0]!));
    assert.deepEqual(written({ store: true }, {}), { isAsIs: false, lost: ['extensions.store'] });
  });

  test('are not missed by a request that needs none, nor by a host that keeps them', () => {
    const plain = { previous_response_id: null, store: false };
    assert.deepEqual(written(plain, {}), { isAsIs: true, lost: [] });
    const kept = { previous_response_id: 'resp_1' };
    assert.deepEqual(written(kept, { keepsAnswers: true }), { isAsIs: true, lost: [] });
  });
});
