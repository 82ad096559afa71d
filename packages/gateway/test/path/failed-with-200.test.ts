// Proves that a whole answer of status 200 that holds an error, or is none, is mended on another
// deployment before anything goes to the caller: Google, OpenRouter and Mistral fail so.

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { chat, chatAnswer, text } from '../answers.ts';
import { type CallerWire, callers } from '../peers/caller-wire.ts';
import { FakeUpstream, Rig, type Service } from '../rig.ts';

let said: object = {};
const upstream = new FakeUpstream((_received, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
});
const spare = new FakeUpstream(chat);

before(async () => {
  await upstream.listen();
  await spare.listen();
});
after(async () => {
  await upstream.close();
  await spare.close();
});

/** What a service says instead of an answer, and what is made of it. */
const failures: readonly (readonly [Service, what: string, said: object, kind: string])[] = [
  ['gemini-api', 'an error', { error: { code: 503, status: 'UNAVAILABLE' } }, 'overloaded'],
  ['gemini-api', 'no candidate', { usageMetadata: {} }, 'protocol'],
  ['openai-compatible', 'an error', { error: { code: 429, message: 'Slow down.' } }, 'rate-limit'],
  [
    'openai-compatible',
    'half an answer that ends with an error',
    {
      ...JSON.parse(chatAnswer),
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'A sh' },
          finish_reason: 'error',
          error: { code: 529, message: 'Busy.' },
        },
      ],
    },
    'overloaded',
  ],
  ['openai-api', 'no choice', { pong: true }, 'protocol'],
];

async function rigOf(t: TestContext, service: Service, hasSpare: boolean): Promise<Rig> {
  const first = { id: 'first', service, endpoint: upstream.url };
  const second = { id: 'second', service: 'openai-api', endpoint: spare.url } as const;
  const deployments = hasSpare ? [first, second] : [first];
  const rig = await Rig.start({ deployments, engine: { attempts: { max: 2 } } });
  t.after(() => rig.close());
  return rig;
}

const ask = (rig: Rig, caller: CallerWire): Promise<Response> =>
  rig.post(caller.path(false), caller.body('What is in port?', false));

for (const [service, what, body, kind] of failures) {
  for (const caller of callers) {
    test(`${what} of ${service} fails over for a caller of ${caller.dialect}`, async t => {
      said = body;
      const rig = await rigOf(t, service, true);
      const response = await ask(rig, caller);
      const answer = await response.text();
      assert.equal(response.status, 200, answer);
      assert.ok(answer.includes(text));
      assert.equal(response.headers.get('entrepot-attempts'), '2');
      const record = (await rig.records()).at(-1)!;
      assert.deepEqual(
        record.attempts.map(({ failure, status }) => [failure, status]),
        [
          [kind, 200],
          [null, 200],
        ],
      );
      assert.equal(record.outcome, 'ok');
      assert.equal(record.inputTokens, 20);
    });
  }

  test(`${what} of ${service} is told when nobody else is left`, async t => {
    said = body;
    const rig = await rigOf(t, service, false);
    const response = await ask(rig, callers[0]!);
    assert.notEqual(response.status, 200);
    const { error } = (await response.json()) as { error: { message: string } };
    assert.ok(error.message.length > 0);
    const record = (await rig.records()).at(-1)!;
    assert.deepEqual([record.outcome, record.status], ['failed', response.status]);
    assert.ok(record.attempts.length > 0);
  });
}
