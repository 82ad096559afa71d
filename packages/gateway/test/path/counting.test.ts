// Proves that tokens are counted by whoever has a counter, at no cost, and that no guess is passed
// off as a count (G35). Upstreams are scripted; everything else is real.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeUpstream, Rig, type RigDeployment, type Script } from '../rig.ts';

const answer =
  (status: number, body: object, headers: Record<string, string> = {}): Script =>
  (_received, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

async function upstream(t: TestContext, script: Script): Promise<FakeUpstream> {
  const fake = new FakeUpstream(script);
  await fake.listen();
  t.after(() => fake.close());
  return fake;
}

async function rigOf(t: TestContext, deployments: readonly RigDeployment[]): Promise<Rig> {
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  return rig;
}

const tools = [{ name: 'f', input_schema: { type: 'object', properties: {} } }];
const question = { model: 'any', messages: [{ role: 'user', content: 'How many?' }], tools };

test('G35: without a counter the answer is 404 in the words of the caller, and nothing is sent', async t => {
  const azure = await upstream(t, answer(200, {}));
  const rig = await rigOf(t, [{ id: 'a', service: 'azure-openai', endpoint: azure.url }]);
  const response = await rig.post('/v1/messages/count_tokens', question);
  assert.equal(response.status, 404);
  const { type, error } = (await response.json()) as {
    type: string;
    error: { type: string; message: string };
  };
  assert.equal(type, 'error');
  assert.equal(error.type, 'not_found_error');
  assert.match(error.message, /can count tokens.*has no token counter/);
  assert.equal(azure.received.length, 0);
  const [record] = await rig.records();
  assert.equal(record?.outcome, 'refused');
  assert.equal(record?.error, 'no_counter');
});

test('G35: a candidate that can count is asked in place of one that cannot', async t => {
  const azure = await upstream(t, answer(200, {}));
  const anthropic = await upstream(t, answer(200, { input_tokens: 57 }));
  const rig = await rigOf(t, [
    { id: 'azure', service: 'azure-openai', endpoint: azure.url },
    { id: 'claude', service: 'anthropic-api', endpoint: anthropic.url },
  ]);
  const response = await rig.post('/v1/messages/count_tokens', question);
  assert.deepEqual(await response.json(), { input_tokens: 57 });
  assert.match(response.headers.get('entrepot-offer')!, /^anthropic-api/);
  const [sent] = anthropic.received;
  assert.equal(sent?.path, '/v1/messages/count_tokens');
  // The schemas of tools are counted too: the body went on as it was, but for the model.
  assert.deepEqual(JSON.parse(sent!.body), { ...question, model: 'claude-haiku-4-5' });
});

test('a count is recorded, costs nothing and uses nothing', async t => {
  const anthropic = await upstream(t, answer(200, { input_tokens: 57 }));
  const rig = await rigOf(t, [{ id: 'c', service: 'anthropic-api', endpoint: anthropic.url }]);
  await rig.post('/v1/messages/count_tokens', question);
  const [record] = await rig.records();
  assert.equal(record?.dialect, 'anthropic-count-tokens');
  assert.equal(record?.outcome, 'ok');
  assert.equal(record?.reservedNanoUsd, 0);
  assert.equal(record?.chargeNanoUsd, 0);
  assert.equal(record?.inputTokens, 0);
  assert.equal(record?.attempts.length, 1);
});

test('a counter that is refused its rate is passed over, and answers go on there', async t => {
  const limited = { type: 'error', error: { type: 'rate_limit_error', message: 'slow' } };
  const first = await upstream(t, (received, response, request) =>
    received.path.endsWith('count_tokens')
      ? answer(429, limited, { 'retry-after': '60' })(received, response, request)
      : answer(200, {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [{ type: 'text', text: 'Hi' }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 1 },
        })(received, response, request),
  );
  const second = await upstream(t, answer(200, { input_tokens: 9 }));
  const rig = await rigOf(t, [
    { id: 'one', service: 'anthropic-api', endpoint: first.url },
    { id: 'two', service: 'anthropic-api', endpoint: second.url },
  ]);
  const counted = await rig.post('/v1/messages/count_tokens', question);
  assert.deepEqual(await counted.json(), { input_tokens: 9 });
  assert.equal(counted.headers.get('entrepot-attempts'), '2');
  const answered = await rig.post('/v1/messages', { ...question, max_tokens: 10 });
  assert.equal(answered.status, 200);
  assert.equal(first.received.at(-1)?.path, '/v1/messages');
  assert.equal(second.received.length, 1);
});

test('Bedrock counts for a model and not for its profile of inference', async t => {
  const bedrock = await upstream(t, answer(200, { inputTokens: 11 }));
  const modelName = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const rig = await rigOf(t, [{ id: 'b', service: 'bedrock', endpoint: bedrock.url, modelName }]);
  const response = await rig.post('/v1/messages/count_tokens', question);
  assert.deepEqual(await response.json(), { input_tokens: 11 });
  const [sent] = bedrock.received;
  const model = encodeURIComponent('anthropic.claude-haiku-4-5-20251001-v1:0');
  assert.equal(sent?.path, `/model/${model}/count-tokens`);
  const { converse } = JSON.parse(sent!.body).input;
  // G07, of counts: as many tools as were given.
  assert.equal(converse.toolConfig.tools.length, 1);
  assert.deepEqual(Object.keys(converse).sort(), ['messages', 'toolConfig']);
});

test('a model of Bedrock that cannot count leads to another that can', async t => {
  const message = "The provided model doesn't support counting tokens.";
  const refusal = answer(400, { message }, { 'x-amzn-errortype': 'ValidationException' });
  const bedrock = await upstream(t, refusal);
  const anthropic = await upstream(t, answer(200, { input_tokens: 3 }));
  const rig = await rigOf(t, [
    { id: 'b', service: 'bedrock', endpoint: bedrock.url },
    { id: 'c', service: 'anthropic-api', endpoint: anthropic.url },
  ]);
  const body = { input: { converse: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] } } };
  const response = await rig.post('/model/any/count-tokens', body);
  assert.deepEqual(await response.json(), { inputTokens: 3 });
  const alone = await rigOf(t, [{ id: 'b', service: 'bedrock', endpoint: bedrock.url }]);
  const refused = await alone.post('/v1/messages/count_tokens', question);
  assert.equal(refused.status, 404);
  const { error } = (await refused.json()) as { error: { type: string; message: string } };
  assert.deepEqual([error.type, error.message], ['not_found_error', message]);
});

test('a count that is none is no count', async t => {
  const broken = await upstream(t, answer(200, { tokens: 'many' }));
  const rig = await rigOf(t, [{ id: 'c', service: 'anthropic-api', endpoint: broken.url }]);
  const response = await rig.post('/v1/messages/count_tokens', question);
  assert.equal(response.status, 500);
  const { error } = (await response.json()) as { error: { type: string } };
  assert.equal(error.type, 'api_error');
  const [record] = await rig.records();
  assert.deepEqual([record?.outcome, record?.chargeNanoUsd], ['failed', 0]);
});

test('a body for InvokeModel is counted by Bedrock as it is, and refused where only others are', async t => {
  const native = Buffer.from('{"messages":[]}').toString('base64');
  const body = { input: { invokeModel: { body: native } } };
  const bedrock = await upstream(t, answer(200, { inputTokens: 4 }));
  const there = await rigOf(t, [{ id: 'b', service: 'bedrock', endpoint: bedrock.url }]);
  const counted = await there.post('/model/any/count-tokens', body);
  assert.deepEqual(await counted.json(), { inputTokens: 4 });
  assert.deepEqual(JSON.parse(bedrock.received[0]!.body), body);

  const anthropic = await upstream(t, answer(200, { input_tokens: 4 }));
  const rig = await rigOf(t, [{ id: 'c', service: 'anthropic-api', endpoint: anthropic.url }]);
  const refused = await rig.post('/model/any/count-tokens', body);
  assert.equal(refused.status, 400);
  assert.match(((await refused.json()) as { message: string }).message, /input\.invokeModel/);
  assert.equal(anthropic.received.length, 0);
});

test("Claude's body for InvokeModel is counted by others in their form", async t => {
  const { messages } = question;
  const claude = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages, tools };
  const native = Buffer.from(JSON.stringify(claude)).toString('base64');
  const body = { input: { invokeModel: { body: native } } };
  const anthropic = await upstream(t, answer(200, { input_tokens: 4 }));
  const rig = await rigOf(t, [{ id: 'c', service: 'anthropic-api', endpoint: anthropic.url }]);
  const counted = await rig.post('/model/any/count-tokens', body);
  assert.deepEqual(await counted.json(), { inputTokens: 4 });
  const sent = JSON.parse(anthropic.received[0]!.body);
  assert.deepEqual([sent.messages, sent.tools], [messages, tools]);
  assert.deepEqual(Object.keys(sent).sort(), ['messages', 'model', 'tools']);

  const bedrock = await upstream(t, answer(200, { inputTokens: 4 }));
  const there = await rigOf(t, [{ id: 'b', service: 'bedrock', endpoint: bedrock.url }]);
  assert.equal((await there.post('/model/any/count-tokens', body)).status, 200);
  assert.deepEqual(JSON.parse(bedrock.received[0]!.body), body);

  const broken = { input: { invokeModel: { body: 'bm90IEpTT04=' } } };
  assert.equal((await rig.post('/model/any/count-tokens', broken)).status, 400);
});

test('a count is of the earlier turns too, where the gateway keeps them', async t => {
  const openai = await upstream(t, (received, response, request) =>
    received.path.endsWith('/input_tokens')
      ? answer(200, { object: 'response.input_tokens', input_tokens: 30 })(
          received,
          response,
          request,
        )
      : answer(200, {
          id: 'resp_upstream',
          object: 'response',
          status: 'completed',
          output: [
            {
              id: 'msg_1',
              type: 'message',
              status: 'completed',
              role: 'assistant',
              content: [{ type: 'output_text', text: 'Antwerp.', annotations: [] }],
            },
          ],
          usage: { input_tokens: 4, output_tokens: 2 },
        })(received, response, request),
  );
  const offer = { dialects: ['openai-responses'] };
  const deployments = [{ id: 'o', service: 'openai-api', endpoint: openai.url, offer }] as const;
  const rig = await Rig.start({ deployments, responses: { store: 'gateway' } });
  t.after(() => rig.close());
  const first = await rig.post('/v1/responses', { model: 'any', input: 'Which port?' });
  const { id } = (await first.json()) as { id: string };
  const next = { model: 'any', input: 'Why?', previous_response_id: id };
  const counted = await rig.post('/v1/responses/input_tokens', next);
  assert.deepEqual(await counted.json(), { object: 'response.input_tokens', input_tokens: 30 });
  const sent = openai.received.at(-1)!;
  assert.equal(sent.path, '/v1/responses/input_tokens');
  for (const said of ['Which port?', 'Antwerp.', 'Why?']) assert.ok(sent.body.includes(said));
  assert.deepEqual(Object.keys(JSON.parse(sent.body)).sort(), ['input', 'model']);

  const unkept = await rigOf(t, deployments);
  const refused = await unkept.post('/v1/responses/input_tokens', next);
  assert.equal(refused.status, 400);
});
