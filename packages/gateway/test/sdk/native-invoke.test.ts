// Proves that code of AWS that posts a model's own form to InvokeModel works by its endpoint alone:
// with AWS's SDK as it comes, in front of simulated Bedrock with Llama and Mistral. Bytes pass, are
// counted and billed, fail over between offers of the same model, and go to no other.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ModelStreamErrorException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { eventFrame } from '@entrepot/dialects/bedrock-frames';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import { FakeUpstream, key, Rig, type RigDeployment, type Script } from '../rig.ts';
import { deploymentAt } from './clouds.ts';

const llama = {
  model: 'meta/llama-3.3-70b',
  serviceModelId: 'us.meta.llama3-3-70b-instruct-v1:0',
};
const mistral = {
  model: 'mistral/mistral-large',
  serviceModelId: 'mistral.mistral-large-2402-v1:0',
};

function awsAt(t: TestContext, rig: Rig): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: rig.url,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
  });
  t.after(() => client.destroy());
  return client;
}

const invoke = (body: object, more: object = {}) =>
  new InvokeModelCommand({ modelId: 'any', body: JSON.stringify(body), ...more });
const invokeStream = (body: object) =>
  new InvokeModelWithResponseStreamCommand({ modelId: 'any', body: JSON.stringify(body) });
const jsonOf = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

interface Family {
  readonly name: string;
  readonly offer: { readonly model: string; readonly serviceModelId: string };
  readonly body: object;
  textOf(answer: unknown): string;
}

const prompt = 'Which port? [[simulate input=40 output=24]]';
const families: readonly Family[] = [
  {
    name: 'Llama',
    offer: llama,
    body: { prompt, max_gen_len: 64, top_p: 0.9 },
    textOf: answer => (answer as { generation: string }).generation,
  },
  {
    name: 'Mistral',
    offer: mistral,
    body: { prompt, max_tokens: 64, top_k: 5 },
    textOf: answer => (answer as { outputs: { text: string }[] }).outputs[0]!.text,
  },
];

async function simulated(t: TestContext, offers: readonly object[]): Promise<Rig> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  t.after(() => simcloud.close());
  const deployments = offers.map((offer, i) => ({
    ...deploymentAt(simcloud, 'bedrock'),
    id: `d${i}`,
    offer,
  }));
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  return rig;
}

for (const { name, offer, body, textOf } of families) {
  test(`${name}'s own form, whole and streamed, is answered in it and billed`, async t => {
    const rig = await simulated(t, [offer]);
    const client = awsAt(t, rig);
    const whole = await client.send(invoke(body));
    assert.equal(whole.contentType, 'application/json');
    const { body: stream } = await client.send(invokeStream(body));
    const events = await Array.fromAsync(stream!, event => jsonOf(event.chunk!.bytes!));
    assert.ok(textOf(jsonOf(whole.body)).length > 20);
    assert.equal(events.map(textOf).join('').split(' ').length, 24);
    assert.equal(events.at(-1)['amazon-bedrock-invocationMetrics'].outputTokenCount, 24);
    const records = await rig.records();
    assert.equal(records.length, 2);
    for (const record of records) {
      assert.deepEqual([record.outcome, record.dialect], ['ok', 'bedrock-native']);
      assert.equal(record.chargeNanoUsd, 40 * 1000 + 24 * 2000);
    }
  });
}

test('what the model refuses is refused in the words of AWS', async t => {
  const rig = await simulated(t, [llama]);
  const body = { prompt: 'Q', top_k: 3 };
  await assert.rejects(awsAt(t, rig).send(invoke(body)), error => {
    return error instanceof ValidationException && /extraneous key \[top_k\]/.test(error.message);
  });
});

test('of a route with several models the body goes to the one that it can be for', async t => {
  const rig = await simulated(t, [mistral, llama]);
  const client = awsAt(t, rig);
  for (const { body, textOf } of families) {
    assert.ok(textOf(jsonOf((await client.send(invoke(body))).body)).length > 20);
  }
});

async function scripted(
  t: TestContext,
  scripts: readonly (readonly [Script, Partial<RigDeployment>])[],
): Promise<{ rig: Rig; upstreams: FakeUpstream[] }> {
  const upstreams = scripts.map(([script]) => new FakeUpstream(script));
  for (const upstream of upstreams) {
    await upstream.listen();
    t.after(() => upstream.close());
  }
  const deployments = scripts.map(([, more], i) => ({
    id: `d${i}`,
    service: 'bedrock' as const,
    endpoint: upstreams[i]!.url,
    offer: llama,
    ...more,
  }));
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  return { rig, upstreams };
}

const answer = JSON.stringify({ generation: 'Hull.', stop_reason: 'stop' });
const good: Script = (_, response) => {
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-amzn-bedrock-input-token-count': '9',
    'x-amzn-bedrock-output-token-count': '2',
  });
  response.end(answer);
};
const busy: Script = (_, response) => {
  response.writeHead(429, { 'x-amzn-errortype': 'ThrottlingException:http://internal' });
  response.end('{"message":"Too many requests."}');
};

test('the bytes go on as they are, with what the service is asked beside them', async t => {
  const { rig, upstreams } = await scripted(t, [[good, {}]]);
  const text = '{ "prompt":"Q",\n "max_gen_len" : 5 }';
  const guardrail = { guardrailIdentifier: 'g-1', guardrailVersion: '2' };
  const client = awsAt(t, rig);
  await client.send(new InvokeModelCommand({ modelId: 'any', body: text, ...guardrail }));
  const { path, headers, body } = upstreams[0]!.received[0]!;
  assert.equal(path, `/model/${encodeURIComponent(llama.serviceModelId)}/invoke`);
  assert.equal(body, text);
  assert.equal(headers['x-amzn-bedrock-guardrailidentifier'], 'g-1');
  assert.equal(headers['x-amzn-bedrock-guardrailversion'], '2');
  const response = await rig.post('/model/any/invoke', text);
  assert.equal(await response.text(), answer);
  assert.equal(response.headers.get('x-amzn-bedrock-output-token-count'), '2');
});

test('a guardrail is never left out: a body that is translated is refused with it', async t => {
  const { rig, upstreams } = await scripted(t, [[good, {}]]);
  const body = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 5, messages: [] };
  const asked = invoke(body, { guardrailIdentifier: 'g-1', guardrailVersion: '2' });
  await assert.rejects(awsAt(t, rig).send(asked), error => {
    return error instanceof ValidationException && /guardrailConfig/.test(error.message);
  });
  assert.equal(upstreams[0]!.received.length, 0);
});

test('another offer of the same model takes over, and no other model or cloud', async t => {
  const elsewhere = { service: 'openai-compatible', credential: { type: 'none' } } as const;
  const { rig, upstreams } = await scripted(t, [
    [busy, {}],
    [good, { offer: mistral }],
    [good, elsewhere],
    [good, {}],
  ]);
  const { body } = await awsAt(t, rig).send(invoke({ prompt: 'Q' }));
  assert.equal(Buffer.from(body).toString(), answer);
  assert.deepEqual(
    upstreams.map(({ received }) => received.length),
    [1, 0, 0, 1],
  );
  const [record] = await rig.records();
  assert.equal(record!.chargeNanoUsd, 9 * 1000 + 2 * 2000);
});

test('where all are busy the caller is told so in the words of AWS', async t => {
  const { rig } = await scripted(t, [[busy, {}]]);
  const asked = awsAt(t, rig).send(invoke({ prompt: 'Q' }));
  await assert.rejects(asked, ThrottlingException);
});

test('where no offer takes it the caller is told to converse, and nothing is sent', async t => {
  const elsewhere = { service: 'openai-compatible', credential: { type: 'none' } } as const;
  const { rig, upstreams } = await scripted(t, [[good, elsewhere]]);
  await assert.rejects(awsAt(t, rig).send(invoke({ prompt: 'Q', max_gen_len: 5 })), error => {
    return error instanceof ValidationException && /\/converse/.test(error.message);
  });
  assert.equal(upstreams[0]!.received.length, 0);
  const [record] = await rig.records();
  assert.deepEqual([record!.error, record!.chargeNanoUsd], ['native_body', 0]);
});

test('a stream that breaks ends with an exception, and is not whole', async t => {
  const bytes = Buffer.from('{"generation":"A "}').toString('base64');
  const { rig } = await scripted(t, [
    [
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        response.end(eventFrame('chunk', { bytes }));
      },
      {},
    ],
  ]);
  const { body } = await awsAt(t, rig).send(invokeStream({ prompt: 'Q' }));
  let seen = 0;
  const reading = (async () => {
    for await (const event of body!) if (event.chunk !== undefined) seen++;
  })();
  await assert.rejects(reading, error => {
    return (
      error instanceof ModelStreamErrorException || (error as Error).name.endsWith('Exception')
    );
  });
  assert.equal(seen, 1);
  const [record] = await rig.records();
  assert.equal(record!.outcome, 'truncated');
});
