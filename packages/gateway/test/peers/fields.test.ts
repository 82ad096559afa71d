// Rows G26, G30 to G32, G34, G36 and G39 of the peers' bugs: what a caller says reaches the
// upstream as its schema wants it, or is refused by name: nothing falls by the way.

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { checkStream } from '../../../dialects/test/anthropic-messages/message-grammar.ts';
import { checkSchema, schemasMissing } from '../../../dialects/test/openai-responses/schemas.ts';
import { FakeUpstream, Rig, type RigOptions } from '../rig.ts';
import { gatewayTo, places } from '../sdk/clouds.ts';
import { callerOf, callers, hear } from './caller-wire.ts';
import type { Json } from './follow-up.ts';
import {
  answering,
  deploymentOf,
  plainEvents,
  refusing,
  type Spoken,
  upstreams,
} from './upstream-wire.ts';

const upstream = new FakeUpstream(answering('openai-chat'));
const spare = new FakeUpstream(answering('openai-chat'));
before(async () => {
  await upstream.listen();
  await spare.listen();
});
after(async () => {
  await upstream.close();
  await spare.close();
});

const upstreamOf = (dialect: string): Spoken => upstreams.find(u => u.dialect === dialect)!;

async function rigOf(t: TestContext, options: RigOptions): Promise<Rig> {
  const rig = await Rig.start(options);
  t.after(() => rig.close());
  return rig;
}

async function inFrontOf(t: TestContext, spoken: Spoken): Promise<Rig> {
  upstream.script = answering(spoken.dialect);
  return rigOf(t, { deployments: [deploymentOf(spoken, upstream.url)] });
}

/** Chat Completions of openai's models there sign nothing. */
const signing = places.filter(
  ({ service, offer }) =>
    service === 'bedrock' && offer?.dialects?.includes('openai-chat') !== true,
);
for (const { name, service, offer } of signing) {
  test(`G26: the signature of thinking comes in a delta of its own kind, from ${name}`, async t => {
    const rig = await gatewayTo(t, { service, ...(offer === undefined ? {} : { offer }) });
    const more = {
      max_tokens: 4096,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [{ role: 'user', content: 'Think. [[simulate output=6 thinking=20]]' }],
    };
    const { bytes } = await hear(rig, callerOf('anthropic-messages'), { more });
    const signed = checkStream(bytes).flatMap(({ delta }) =>
      delta?.signature === undefined ? [] : [delta],
    );
    assert.equal(signed.length, 1);
    assert.equal(signed[0]!.type, 'signature_delta');
    assert.ok(String(signed[0]!.signature).length > 0);
  });
}

/** A red dot: one pixel of PNG. */
const data =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const source = { type: 'base64', media_type: 'image/png', data };
const pictured = {
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What?' },
        { type: 'image', source },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'It is red.', signature: 'c2lnbmVk' },
        { type: 'text', text: 'A dot.' },
      ],
    },
    { role: 'user', content: 'Sure?' },
  ],
};

test('G30: Responses gets images with their detail, and no thinking for words of the answer', async t => {
  const rig = await inFrontOf(t, upstreamOf('openai-responses'));
  const caller = callerOf('anthropic-messages');
  const response = await rig.post(caller.path(false), caller.body('', false, pictured));
  assert.equal(response.status, 200, await response.text());
  const body = JSON.parse(upstream.received.at(-1)!.body) as { input: Json[] };
  const parts = body.input.flatMap(item => (Array.isArray(item.content) ? item.content : []));
  const image = parts.find(part => part.type === 'input_image') as Json;
  assert.equal(image.detail, 'auto');
  const { content } = body.input.find(({ role }) => role === 'assistant')!;
  assert.equal(content, 'A dot.');
});

test('G30: what goes to Responses obeys the schemas that are published for it', {
  skip: schemasMissing,
}, async t => {
  const rig = await inFrontOf(t, upstreamOf('openai-responses'));
  const caller = callerOf('anthropic-messages');
  await (await rig.post(caller.path(false), caller.body('', false, pictured))).text();
  checkSchema('openai', 'CreateResponse', JSON.parse(upstream.received.at(-1)!.body));
});

const encrypted = [
  { role: 'user', content: 'Which port?' },
  { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'only-the-second-reads-it' },
  {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Oslo.', annotations: [] }],
  },
  { role: 'user', content: 'Sure?' },
];

test('G31: reasoning that another deployment encrypted goes to the one that can read it', async t => {
  const responses = upstreamOf('openai-responses');
  const unreadable = {
    class: 'invalid_request',
    code: 'invalid_encrypted_content',
    message: 'The encrypted content could not be verified.',
  } as const;
  upstream.script = refusing('openai-responses', unreadable);
  spare.script = answering('openai-responses');
  const rig = await rigOf(t, {
    deployments: [
      deploymentOf(responses, upstream.url),
      deploymentOf({ ...responses, service: 'azure-openai' }, spare.url, 'second'),
    ],
  });
  const caller = callerOf('openai-responses');
  const heard = await hear(rig, caller, { more: { input: encrypted } });
  assert.equal(heard.last?.type, 'end');
  assert.match(spare.received.at(-1)!.body, /only-the-second-reads-it/);
  spare.script = refusing('openai-responses', unreadable);
  const refused = await rig.post(caller.path(false), caller.body('', false, { input: encrypted }));
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /could not be verified/);
});

for (const spoken of upstreams) {
  test(`G32: an answer can be gone on with as soon as it has come, at ${spoken.name}`, async t => {
    upstream.script = answering(spoken.dialect);
    const rig = await rigOf(t, {
      deployments: [deploymentOf(spoken, upstream.url)],
      responses: { store: 'gateway' },
    });
    const first = await rig.post('/v1/responses', { model: 'any', input: 'Which?', store: true });
    const { id } = (await first.json()) as { id: string };
    const next = { model: 'any', input: 'Sure?', previous_response_id: id, store: true };
    const second = await rig.post('/v1/responses', next);
    assert.equal(second.status, 200, await second.text());
    const sent = upstream.received.at(-1)!.body;
    for (const text of ['Which?', 'A ship is loading.', 'Sure?']) assert.ok(sent.includes(text));
  });
}

test('G34: anthropic-beta goes to who knows it, and to nobody else', async t => {
  const headers = { 'anthropic-beta': 'context-management-2025-06-27,effort-2025-11-24' };
  for (const spoken of upstreams) {
    const rig = await inFrontOf(t, spoken);
    await hear(rig, callerOf('anthropic-messages'), { headers });
    const sent = upstream.received.at(-1)!;
    const expected =
      spoken.dialect === 'anthropic-messages' ? headers['anthropic-beta'] : undefined;
    assert.equal(sent.headers['anthropic-beta'], expected, spoken.name);
    if (expected === undefined) assert.doesNotMatch(sent.body, /context-management/);
  }
});

test('G36: an image at gs:// goes to Google, and is refused by name where it would be lost', async t => {
  const fileData = { fileUri: 'gs://harbour/ship.png', mimeType: 'image/png' };
  const caller = callerOf('gemini');
  const contents = [{ role: 'user', parts: [{ text: 'What?' }, { fileData }] }];
  for (const spoken of upstreams) {
    const rig = await inFrontOf(t, spoken);
    const calls = upstream.received.length;
    const response = await rig.post(caller.path(false), caller.body('', false, { contents }));
    const text = await response.text();
    if (response.status === 200) {
      assert.ok(upstream.received.at(-1)!.body.includes(fileData.fileUri), spoken.name);
    } else {
      assert.equal(response.status, 400, text);
      assert.match(text, /contents/);
      assert.equal(upstream.received.length, calls, spoken.name);
    }
  }
});

const found = {
  type: 'tool_search_output',
  id: 'ts_1',
  status: 'completed',
  tools: [{ type: 'function', name: 'find_ship' }],
};

test('G39: items of Responses that nobody knows pass through, both ways', async t => {
  const rig = await inFrontOf(t, upstreamOf('openai-responses'));
  const output = [found];
  const answer = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output };
  upstream.script = (_received, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  const input = [{ role: 'user', content: 'Go on.' }, found];
  const caller = callerOf('openai-responses');
  const response = await rig.post(caller.path(false), caller.body('', false, { input }));
  assert.deepEqual(((await response.json()) as typeof answer).output, output);
  const sent = JSON.parse(upstream.received.at(-1)!.body) as { input: unknown };
  assert.deepEqual(sent.input, input);
});

test('G39: where nobody can carry them they are refused by name', async t => {
  const caller = callerOf('openai-responses');
  for (const spoken of upstreams.filter(({ dialect }) => dialect !== 'openai-responses')) {
    const rig = await inFrontOf(t, spoken);
    const input = [{ role: 'user', content: 'Go on.' }, found];
    const response = await rig.post(caller.path(false), caller.body('', false, { input }));
    assert.equal(response.status, 400, spoken.name);
    assert.match(await response.text(), /input/);
  }
});

test('G39: blocks of one dialect in a stream for another are said to be lost', async t => {
  const native = {
    dialect: 'openai-responses',
    value: { item: { ...found, type: 'tool_search_call' } },
  } as const;
  const block: StreamEvent = {
    type: 'block_start',
    candidate: 0,
    index: 0,
    block: { type: 'native', native },
  };
  const events: StreamEvent[] = [
    plainEvents[0]!,
    block,
    { type: 'block_stop', candidate: 0, index: 0 },
    ...plainEvents.slice(1).map(event => ('index' in event ? { ...event, index: 1 } : event)),
  ];
  const spoken = upstreamOf('openai-responses');
  for (const caller of callers) {
    const rig = await inFrontOf(t, spoken);
    upstream.script = answering(spoken.dialect, events);
    const { text, bytes } = await hear(rig, caller);
    assert.equal(text, 'A ship is loading.', caller.dialect);
    if (caller.dialect === spoken.dialect) assert.match(bytes.toString(), /tool_search_call/);
    else assert.ok((await rig.records()).at(-1)!.lost, caller.dialect);
  }
});
