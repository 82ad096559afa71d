// Rows G07, G21 to G23 and G37 of the peers' bugs: tools, their calls and their results come to the
// upstream as the caller wrote them: all of them, in order, and each result with its call.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CanonicalRequest, ToolResultBlock } from '@entrepot/dialects/canonical';
import type { PathFields } from '@entrepot/dialects/dialect';
import { dialectOf } from '../../src/dialects.ts';
import { FakeUpstream, Rig } from '../rig.ts';
import { gatewayTo } from '../sdk/clouds.ts';
import { type CallerWire, callerOf, callers } from './caller-wire.ts';
import { answering, deploymentOf, type Spoken, upstreams } from './upstream-wire.ts';

const upstream = new FakeUpstream(answering('openai-chat'));
const rigs = new Map<string, Rig>();
before(async () => {
  await upstream.listen();
  for (const spoken of upstreams) {
    const deployments = [deploymentOf(spoken, upstream.url)];
    rigs.set(spoken.name, await Rig.start({ deployments, losses: 'drop' }));
  }
});
after(async () => {
  for (const rig of rigs.values()) await rig.close();
  await upstream.close();
});

/** The body that reached the upstream, or the refusal that the caller got. */
async function sent(spoken: Spoken, caller: CallerWire, more: object): Promise<string> {
  upstream.script = answering(spoken.dialect);
  const calls = upstream.received.length;
  const rig = rigs.get(spoken.name)!;
  const response = await rig.post(caller.path(false), caller.body('Hi', false, more));
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.equal(upstream.received.length, calls + 1);
  return upstream.received.at(-1)!.body;
}

/** The body as the upstream's own dialect reads it. */
function decoded({ dialect }: Spoken, body: string): CanonicalRequest {
  const path: PathFields = { model: 'any', stream: false };
  return dialectOf(dialect).decodeRequest(Buffer.from(body), path);
}

const names = ['b_tool', 'a_tool', 'c_tool'];
const schema = { type: 'object', properties: { port: { type: 'string' } }, required: ['port'] };

/** Three tools in each dialect's form. */
const offered: Readonly<Record<string, object>> = {
  'openai-chat': {
    tools: names.map(name => ({ type: 'function', function: { name, parameters: schema } })),
  },
  'openai-responses': {
    tools: names.map(name => ({ type: 'function', name, parameters: schema, strict: false })),
  },
  'anthropic-messages': { tools: names.map(name => ({ name, input_schema: schema })) },
  gemini: {
    tools: [{ functionDeclarations: names.map(name => ({ name, parametersJsonSchema: schema })) }],
  },
  'bedrock-converse': {
    toolConfig: {
      tools: names.map(name => ({ toolSpec: { name, inputSchema: { json: schema } } })),
    },
  },
};

for (const spoken of upstreams) {
  for (const caller of callers) {
    const between = `from ${caller.dialect} to ${spoken.name}`;
    test(`G07: every tool that is offered reaches the model with its schema, ${between}`, async () => {
      const body = await sent(spoken, caller, offered[caller.dialect]!);
      const { tools = [] } = decoded(spoken, body);
      assert.equal(tools.length, names.length);
      for (const { parameters } of tools) {
        assert.deepEqual(parameters.required, ['port']);
        assert.deepEqual(Object.keys(parameters.properties as object), ['port']);
      }
    });

    test(`G37: tools keep their order, and the same request makes the same bytes, ${between}`, async () => {
      const body = await sent(spoken, caller, offered[caller.dialect]!);
      assert.deepEqual(
        decoded(spoken, body).tools?.map(tool => tool.name),
        names,
      );
      assert.equal(await sent(spoken, caller, offered[caller.dialect]!), body);
    });
  }
}

const call = (id: string, port: string) => ({
  id,
  type: 'function',
  function: { name: 'a_tool', arguments: JSON.stringify({ port }) },
});
const result = (tool_call_id: string, content: string) => ({ role: 'tool', tool_call_id, content });
const asked = { role: 'user', content: 'Which?' };
const calling = {
  role: 'assistant',
  content: null,
  tool_calls: ['call_1', 'call_2', 'call_3'].map(id => call(id, `port of ${id}`)),
};

/** Ids may be written anew: what counts is which result answers which call. */
function answers({ messages }: CanonicalRequest): readonly (readonly [string, string])[] {
  const blocks = messages.flatMap(message => message.content);
  return blocks.flatMap(block => {
    if (block.type !== 'tool_call') return [];
    const found = blocks.find(
      (other): other is ToolResultBlock =>
        other.type === 'tool_result' && other.callId === block.id,
    );
    const { port } = JSON.parse(block.argumentsJson) as { port: string };
    const [first] = found?.content ?? [];
    return [[port, first?.type === 'text' ? first.text : 'nothing'] as const];
  });
}

for (const spoken of upstreams) {
  test(`G21: results of parallel calls stay with their calls in any order, to ${spoken.name}`, async () => {
    for (const order of [
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
    ]) {
      const results = order.map(n => result(`call_${n}`, `${n}`));
      const more = {
        ...offered['openai-chat'],
        messages: [asked, calling, ...results, { role: 'user', content: 'And?' }],
      };
      const request = decoded(spoken, await sent(spoken, callerOf('openai-chat'), more));
      const expected = [1, 2, 3].map(n => [`port of call_${n}`, `${n}`]);
      assert.deepEqual(answers(request), expected);
    }
  });
}

for (const { name, service, dialect } of upstreams) {
  test(`G21: a result that is missing is a 400 that says so, from ${name}`, async t => {
    const rig = await gatewayTo(t, { service, offer: { dialects: [dialect] } });
    const results = [result('call_1', '1'), result('call_3', '3')];
    const messages = [asked, calling, ...results, { role: 'user', content: 'And?' }];
    const body = callerOf('openai-chat').body('', false, { ...offered['openai-chat'], messages });
    const response = await rig.post('/v1/chat/completions', body);
    const { error } = (await response.json()) as { error: { message: string } };
    assert.equal(response.status, 400, error.message);
    assert.match(error.message, /call|tool|function/i);
  });

  test(`G22: two results for one call are one clear 400, and reach no model, to ${name}`, async () => {
    const spoken = upstreams.find(one => one.name === name)!;
    if (dialect === 'openai-chat') return;
    upstream.script = answering(dialect);
    const calls = upstream.received.length;
    const results = ['1', '2', '3'].map(n => result(`call_${n}`, n));
    const messages = [asked, calling, ...results, result('call_2', 'again')];
    const body = callerOf('openai-chat').body('', false, { ...offered['openai-chat'], messages });
    const response = await rigs.get(spoken.name)!.post('/v1/chat/completions', body);
    const text = await response.text();
    assert.equal(response.status, 400, text);
    assert.match(text, /call_2/);
    assert.equal(upstream.received.length, calls);
  });
}

test('G23: a request with tools goes from Chat Completions to Messages as it always went', async () => {
  const spoken = upstreams.find(({ dialect }) => dialect === 'anthropic-messages')!;
  const more = {
    messages: [
      { role: 'developer', content: 'Be brief.' },
      asked,
      { ...calling, tool_calls: [call('call_1', 'Oslo')] },
      result('call_1', '12 ships'),
    ],
    tools: [{ type: 'function', function: { name: 'a_tool', parameters: schema } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
    max_tokens: 100,
  };
  const body = JSON.parse(await sent(spoken, callerOf('openai-chat'), more)) as unknown;
  assert.deepEqual(body, {
    model: 'claude-haiku-4-5',
    max_tokens: 100,
    system: 'Be brief.',
    messages: [
      { role: 'user', content: 'Which?' },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'call_1', name: 'a_tool', input: { port: 'Oslo' } }],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'call_1',
            content: '12 ships',
          },
        ],
      },
    ],
    tools: [{ name: 'a_tool', input_schema: schema }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  });
});
