// Proves the way of a request to servers that speak openai's API: scripted ones on loopback that
// refuse what the real ones refuse. Where a field is lacking the request goes elsewhere, is refused
// with the field's name, or goes on without it; nothing is dropped in silence. (PEERS G14, G40.)

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { ask, chat, chatAnswer, chatFinish, chatWords, done, text } from '../answers.ts';
import { FakeUpstream, Rig, type RigDeployment, type RigOptions, type Script } from '../rig.ts';

interface Server {
  readonly upstream: FakeUpstream;
  readonly deployment: RigDeployment;
}

async function server(
  t: TestContext,
  service: string,
  script: Script = chat,
  more: Partial<RigDeployment> = {},
): Promise<Server> {
  const upstream = new FakeUpstream(script);
  await upstream.listen();
  t.after(() => upstream.close());
  const { offer, ...rest } = more;
  const deployment: RigDeployment = {
    id: service,
    service: 'openai-compatible',
    endpoint: `${upstream.url}/v1`,
    credential: { type: 'none' },
    modelName: 'served-name',
    offer: {
      service,
      model: 'meta/llama-3.3-70b',
      id: `${service}/global/meta/llama-3.3-70b`,
      ...offer,
    },
    ...rest,
  };
  return { upstream, deployment };
}

async function gateway(
  t: TestContext,
  servers: readonly Server[],
  options: Partial<RigOptions> = {},
): Promise<Rig> {
  const rig = await Rig.start({ deployments: servers.map(s => s.deployment), ...options });
  t.after(() => rig.close());
  return rig;
}

const sent = ({ upstream }: Server) => {
  const { path, headers, body } = upstream.received.at(-1)!;
  return { path, headers, body: JSON.parse(body) };
};
const question = { model: 'any', messages: [{ role: 'user', content: 'Q' }] };
const chatPath = '/v1/chat/completions';

test('a keyless server behind a path gets the bytes, its name of the model, and our headers', async t => {
  const ollama = await server(t, 'ollama', chat, { headers: ['x-team', 'a'] });
  const rig = await gateway(t, [ollama]);
  const response = await rig.post(chatPath, ask());
  assert.equal(await response.text(), chatAnswer);
  assert.equal(response.headers.get('entrepot-offer'), 'ollama/global/meta/llama-3.3-70b');
  const { path, headers, body } = sent(ollama);
  assert.deepEqual([path, body.model], ['/v1/chat/completions', 'served-name']);
  assert.deepEqual([headers.authorization, headers['x-team']], [undefined, 'a']);
});

describe('a field that a host refuses', () => {
  const more = { features: ['streaming' as const, 'candidates' as const, 'logprobs' as const] };

  test('goes to the deployment that has it, without a call of the one that has not', async t => {
    const groq = await server(t, 'groq', chat, { offer: more });
    const vllm = await server(t, 'vllm', chat, { offer: more });
    const rig = await gateway(t, [groq, vllm]);
    const response = await rig.post(chatPath, { ...question, n: 2 });
    assert.equal(response.status, 200);
    assert.equal(groq.upstream.received.length, 0);
    assert.equal(sent(vllm).body.n, 2);
  });

  test('is a 400 that names it where no deployment has it', async t => {
    const groq = await server(t, 'groq', chat, { offer: more });
    const rig = await gateway(t, [groq]);
    const response = await rig.post(chatPath, { ...question, logit_bias: { 5: 1 } });
    const { error } = (await response.json()) as { error: { param: string; message: string } };
    assert.deepEqual([response.status, error.param], [400, 'logit_bias']);
    assert.match(error.message, /"logit_bias" cannot be carried to meta\/llama-3.3-70b on groq/);
    assert.equal(groq.upstream.received.length, 0);
  });

  test('is left out with a word on a route that drops losses', async t => {
    const groq = await server(t, 'groq', chat, { offer: more });
    const rig = await gateway(t, [groq], { losses: 'drop' });
    const response = await rig.post(chatPath, { ...question, logit_bias: { 5: 1 }, seed: 1 });
    assert.equal(response.headers.get('entrepot-lost'), 'logit_bias');
    assert.equal(await response.text(), chatAnswer);
    const { logit_bias, seed } = sent(groq).body;
    assert.deepEqual([logit_bias, seed], [undefined, 1]);
  });

  test('is as the operator says, for a host that no table knows', async t => {
    const own = await server(t, 'openai-compatible', chat, { quirks: { lacks: ['seed'] } });
    const rig = await gateway(t, [own]);
    assert.equal((await rig.post(chatPath, { ...question, seed: 1 })).status, 400);
  });
});

describe('usage in streams', () => {
  test('is asked for and hidden where the host takes the wish', async t => {
    const vllm = await server(t, 'vllm');
    const rig = await gateway(t, [vllm]);
    const answer = await (await rig.post(chatPath, ask(true))).text();
    assert.deepEqual(sent(vllm).body.stream_options, { include_usage: true });
    assert.ok(!answer.includes('"usage":{'));
    assert.equal((await rig.records())[0]!.outputTokens, 5);
  });

  test('is not asked for where the host refuses the wish, and counted as it comes (Mistral)', async t => {
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
    const last = chatFinish.replace('"usage":null', `"usage":${JSON.stringify(usage)}`);
    const mistral = await server(t, 'mistral', ({ body }, response) => {
      const refused = body.includes('stream_options');
      response.writeHead(refused ? 422 : 200, { 'content-type': 'text/event-stream' });
      response.end(chatWords.join('') + last + done);
    });
    const rig = await gateway(t, [mistral]);
    const response = await rig.post(chatPath, { ...question, stream: true, seed: 3 });
    assert.equal(response.status, 200);
    assert.ok((await response.text()).endsWith(done));
    assert.equal(sent(mistral).body.random_seed, 3);
    assert.equal((await rig.records())[0]!.outputTokens, 5);
  });
});

describe('limits and roles', () => {
  test('the limit of tokens is written as the host knows it (llama.cpp)', async t => {
    const llama = await server(t, 'llama-cpp');
    const rig = await gateway(t, [llama]);
    await (await rig.post(chatPath, { ...question, max_completion_tokens: 7 })).text();
    const { max_tokens, max_completion_tokens } = sent(llama).body;
    assert.deepEqual([max_tokens, max_completion_tokens], [7, undefined]);
  });

  test('`developer` becomes `system` where it is not known', async t => {
    const messages = [{ role: 'developer', content: 'Be brief.' }, ...question.messages];
    const vllm = await server(t, 'vllm');
    const knowing = await server(t, 'vllm', chat, { quirks: { developerRole: true } });
    for (const [host, role] of [
      [vllm, 'system'],
      [knowing, 'developer'],
    ] as const) {
      const rig = await gateway(t, [host]);
      await (await rig.post(chatPath, { ...question, messages })).text();
      assert.equal(sent(host).body.messages[0].role, role);
    }
  });
});

describe('the dialect of the caller, where the server speaks it', () => {
  const answers = {
    '/v1/messages': {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'served-name',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 20, output_tokens: 5 },
    },
    '/v1/responses': {
      id: 'resp_1',
      object: 'response',
      status: 'completed',
      model: 'served-name',
      output: [
        {
          id: 'm',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }],
        },
      ],
      usage: { input_tokens: 20, output_tokens: 5, total_tokens: 25 },
    },
  };
  const script: Script = ({ path, body }, response) => {
    if (path === chatPath) chat({ body } as never, response, undefined as never);
    else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answers[path as keyof typeof answers]));
    }
  };
  const messages = { model: 'any', max_tokens: 9, messages: question.messages };
  const all = ['openai-chat', 'openai-responses', 'anthropic-messages'];
  const asked = [
    ['/v1/messages', messages],
    ['/v1/responses', { model: 'any', input: 'Q', store: false }],
  ] as const;

  for (const [path, body] of asked) {
    test(`${path} passes through as bytes, or is carried into chat`, async t => {
      for (const [dialects, called] of [
        [all, path],
        [['openai-chat'], chatPath],
      ] as const) {
        const vllm = await server(t, 'vllm', script, { offer: { dialects } });
        const rig = await gateway(t, [vllm]);
        const response = await rig.post(path, body);
        assert.equal(response.status, 200);
        assert.ok((await response.text()).includes(text));
        assert.equal(sent(vllm).path, called);
        const [record] = await rig.records();
        assert.deepEqual([record!.inputTokens, record!.outputTokens], [20, 5]);
      }
    });
  }

  test('an answer that the server did not keep cannot be referred to', async t => {
    const ollama = await server(t, 'ollama', script, { offer: { dialects: all } });
    const rig = await gateway(t, [ollama], { losses: 'drop' });
    const body = { model: 'any', input: 'Q', previous_response_id: 'resp_0' };
    const response = await rig.post('/v1/responses', body);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /previous_response_id/);
    assert.equal(ollama.upstream.received.length, 0);
  });
});

describe('what it costs', () => {
  const priced = async (
    t: TestContext,
    inputPicoUsd: number | null,
    outputPicoUsd: number | null,
  ) => {
    const unknown = {
      cachedReadPicoUsd: null,
      cacheWrite5mPicoUsd: null,
      cacheWrite1hPicoUsd: null,
    };
    const prices = { inputPicoUsd, outputPicoUsd, ...unknown, tiers: [] };
    const rig = await gateway(t, [await server(t, 'ollama', chat, { offer: { prices } })]);
    await (await rig.post(chatPath, ask())).text();
    const [record] = await rig.records();
    return [record!.reservedNanoUsd, record!.chargeNanoUsd];
  };

  test('an unknown price is unknown, and 0 is 0', async t => {
    assert.deepEqual(await priced(t, null, null), [null, null]);
    assert.deepEqual(await priced(t, 1_000_000, null), [null, null]);
    assert.deepEqual(await priced(t, 0, 0), [0, 0]);
  });
});

test('a server that has not pulled the model is left for another', async t => {
  const ollama = await server(t, 'ollama', (_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"error":"model \\"served-name\\" not found, try pulling it first"}');
  });
  const vllm = await server(t, 'vllm');
  const rig = await gateway(t, [ollama, vllm]);
  const response = await rig.post(chatPath, ask());
  assert.deepEqual([response.status, response.headers.get('entrepot-attempts')], [200, '2']);
});
