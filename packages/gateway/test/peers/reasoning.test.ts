// Rows G24 to G29, G31 and G38 of the peers' bugs: thinking and what signs it come back to whoever
// made it, through callers of every dialect, and to nobody else.

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Block, CanonicalRequest } from '@entrepot/dialects/canonical';
import type { GenerateName } from '@entrepot/dialects/dialect';
import { dialectOf } from '../../src/dialects.ts';
import { FakeUpstream, Rig } from '../rig.ts';
import { type CallerWire, callerOf, callers } from './caller-wire.ts';
import { followUp } from './follow-up.ts';
import { answering, deploymentOf, refusing, type Spoken, upstreams } from './upstream-wire.ts';

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

const upstreamOf = (dialect: GenerateName): Spoken => upstreams.find(u => u.dialect === dialect)!;

async function rigOf(t: TestContext, ...spoken: readonly Spoken[]): Promise<Rig> {
  const urls = [upstream.url, spare.url];
  const deployments = spoken.map((one, i) => deploymentOf(one, urls[i]!, `${i} ${one.name}`));
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  return rig;
}

/** The upstreams that sign, who signs there, and what signatures look like. */
const signers: readonly (readonly [GenerateName, issuer: string, signature: string])[] = [
  ['anthropic-messages', 'anthropic', 'c2lnbmVkIGJ5IGNsYXVkZQ=='],
  ['bedrock-converse', 'anthropic', 'c2lnbmVkIGJ5IGNsYXVkZQ=='],
  ['openai-responses', 'openai', JSON.stringify({ id: 'rs_1', encrypted_content: 'gAAAsealed' })],
  ['gemini', 'google', 'c2lnbmVkIGJ5IGdlbWluaQ=='],
];

interface Thought {
  readonly dialect: GenerateName;
  readonly issuer: string;
  readonly signature: string;
  readonly content: readonly Block[];
}

/** Thinking, a text and two calls; the signature stands where its vendor puts it. */
function thoughtsWith(text: string): readonly Thought[] {
  return signers.map(([dialect, issuer, signature]) => {
    const signed = { signature, issuer };
    const isGoogle = issuer === 'google';
    const args = '{"port":"Oslo"}';
    const call = { type: 'tool_call', name: 'look', argumentsJson: args } as const;
    const content: Block[] = [
      { type: 'thinking', text, ...(isGoogle ? {} : signed) },
      { type: 'text', text: 'Let me look.' },
      { ...call, id: 'call_1', ...(isGoogle ? signed : {}) },
      { ...call, id: 'call_2' },
    ];
    return { dialect, issuer, signature, content };
  });
}
const thoughts = thoughtsWith('Ships are in ports.');

const parameters = { type: 'object', properties: { port: { type: 'string' } } };
const withTool: Readonly<Record<GenerateName, object>> = {
  'openai-chat': { tools: [{ type: 'function', function: { name: 'look', parameters } }] },
  'openai-responses': {
    tools: [{ type: 'function', name: 'look', parameters, strict: false }],
    include: ['reasoning.encrypted_content'],
  },
  'anthropic-messages': { tools: [{ name: 'look', input_schema: parameters }] },
  gemini: {
    tools: [{ functionDeclarations: [{ name: 'look', parametersJsonSchema: parameters }] }],
  },
  'bedrock-converse': {
    toolConfig: { tools: [{ toolSpec: { name: 'look', inputSchema: { json: parameters } } }] },
  },
} as Record<GenerateName, object>;

interface Turns {
  /** What the upstream got in the second turn, as its own dialect reads it. */
  readonly second: CanonicalRequest;
  readonly answer: Record<string, unknown>;
}

/** Two turns of a caller that sends back what it got, as `keep` leaves it. */
async function twoTurns(
  rig: Rig,
  caller: CallerWire,
  { dialect, content }: Thought,
  keep: (answer: Record<string, unknown>) => Record<string, unknown> = answer => answer,
): Promise<Turns> {
  const post = async (body: object): Promise<Record<string, unknown>> => {
    const response = await rig.post(caller.path(false), body);
    const text = await response.text();
    assert.equal(response.status, 200, `${caller.dialect}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  upstream.script = answering(dialect, undefined, content);
  const question = caller.body('Look.', false, withTool[caller.dialect]);
  const answer = await post(question);
  upstream.script = answering(dialect);
  await post(followUp(caller, question, keep(answer)));
  const body = Buffer.from(upstream.received.at(-1)!.body);
  const second = dialectOf(dialect).decodeRequest(body, { model: 'any', stream: false });
  return { second, answer };
}

function assistantOf({ messages }: CanonicalRequest): readonly Block[] {
  return messages.filter(({ role }) => role === 'assistant').flatMap(({ content }) => content);
}

const rows: Readonly<Record<GenerateName, string>> = {
  'anthropic-messages': 'G24',
  'bedrock-converse': 'G24',
  'openai-responses': 'G29',
  gemini: 'G27',
} as Record<GenerateName, string>;

/** Google's own word for a signature of a call that a caller did not send back. */
const lostSignature = 'skip_thought_signature_validator';

for (const thought of thoughts) {
  const spoken = upstreamOf(thought.dialect);
  for (const caller of callers) {
    const through = `through a caller of ${caller.dialect}`;
    test(`${rows[thought.dialect]}: what ${spoken.name} signed comes back to it on the block that \
had it, ${through}`, async t => {
      const { second } = await twoTurns(await rigOf(t, spoken), caller, thought);
      const said = assistantOf(second);
      const kind = thought.issuer === 'google' ? 'tool_call' : 'thinking';
      const signed = said.find(block => block.type === kind);
      assert.ok(signed?.type === 'thinking' || signed?.type === 'tool_call');
      assert.equal(signed.signature, thought.signature);
      if (kind === 'thinking') assert.equal(said[0], signed, 'thinking stands first');
      assert.equal(said.filter(block => block.type === 'tool_call').length, 2);
    });
  }
}

for (const thought of thoughtsWith('').filter(({ issuer }) => issuer !== 'google')) {
  const spoken = upstreamOf(thought.dialect);
  for (const caller of callers) {
    test(`G25: thinking that is a signature alone comes back to ${spoken.name} through a caller of \
${caller.dialect}`, async t => {
      const { second } = await twoTurns(await rigOf(t, spoken), caller, thought);
      const [first] = assistantOf(second);
      assert.ok(first?.type === 'thinking');
      assert.deepEqual([first.text, first.signature], ['', thought.signature]);
    });
  }
}

test('G27: the signature of a text of Gemini comes back on the text', async t => {
  const [, , signature] = signers.at(-1)!;
  const content: Block[] = [{ type: 'text', text: 'Here.', signature, issuer: 'google' }];
  const spoken = upstreamOf('gemini');
  const thought = { dialect: 'gemini', issuer: 'google', signature, content } as const;
  const rig = await rigOf(t, spoken);
  const { second } = await twoTurns(rig, callerOf('gemini'), thought);
  const [text] = assistantOf(second);
  assert.ok(text?.type === 'text' && text.signature === signature);
});

/** A caller that knows the published fields of a message alone. */
function knownFields(answer: Record<string, unknown>): Record<string, unknown> {
  const [choice] = answer.choices as { message: Record<string, unknown> }[];
  const { role, content, tool_calls } = choice!.message;
  const calls = (tool_calls as Record<string, unknown>[]).map(({ id, type, function: called }) => ({
    id,
    type,
    function: called,
  }));
  return { ...answer, choices: [{ message: { role, content, tool_calls: calls } }] };
}

test('G27: a caller that drops fields it does not know can go on with Gemini', async t => {
  const rig = await rigOf(t, upstreamOf('gemini'));
  await twoTurns(rig, callerOf('openai-chat'), thoughts.at(-1)!, knownFields);
  const { contents } = JSON.parse(upstream.received.at(-1)!.body) as {
    contents: { parts: { functionCall?: object; thoughtSignature?: string }[] }[];
  };
  const calls = contents.flatMap(c => c.parts).filter(part => part.functionCall !== undefined);
  assert.deepEqual(
    calls.map(call => call.thoughtSignature),
    [lostSignature, undefined],
  );
});

for (const thought of thoughts.slice(0, 2)) {
  test(`G24: a caller that drops fields it does not know can go on with ${thought.dialect}, and is \
told that this turn goes without thinking`, async t => {
    const rig = await rigOf(t, upstreamOf(thought.dialect));
    const caller: CallerWire = {
      ...callerOf('openai-chat'),
      body: (text, stream, more) =>
        callerOf('openai-chat').body(text, stream, { ...more, reasoning_effort: 'high' }),
    };
    const { second } = await twoTurns(rig, caller, thought, knownFields);
    assert.equal(second.reasoning, undefined);
    assert.equal((await rig.records()).at(-1)!.lost, 'reasoning_effort');
  });
}

for (const thought of thoughts) {
  for (const other of upstreams.filter(({ dialect }) => issuerOf(dialect) !== thought.issuer)) {
    test(`G28: what ${thought.dialect} signed does not go to ${other.name} when that takes over`, async t => {
      const rig = await rigOf(t, upstreamOf(thought.dialect), other);
      const caller = callerOf(thought.dialect);
      upstream.script = answering(thought.dialect, undefined, thought.content);
      const question = caller.body('Look.', false, withTool[thought.dialect]);
      const first = await rig.post(caller.path(false), question);
      const answer = (await first.json()) as Record<string, unknown>;
      upstream.script = refusing(thought.dialect, { class: 'overloaded', message: 'Busy.' });
      spare.script = answering(other.dialect);
      const second = await rig.post(caller.path(false), followUp(caller, question, answer));
      assert.equal(second.status, 200, await second.text());
      const { body } = spare.received.at(-1)!;
      assert.doesNotMatch(body, /c2lnbmVk|gAAAsealed|rs_1/);
      const [looked] = assistantOf(
        dialectOf(other.dialect).decodeRequest(Buffer.from(body), { model: 'any', stream: false }),
      ).filter(block => block.type === 'text');
      assert.ok(looked?.type === 'text' && looked.text === 'Let me look.');
    });
  }
}

for (const thought of thoughts) {
  for (const other of upstreams.filter(({ dialect }) => issuerOf(dialect) !== thought.issuer)) {
    const caller = callerOf(other.dialect);
    test(`G28: what ${thought.dialect} signed does not go to ${other.name} as its own caller sent it, \
and is told as lost`, async t => {
      const rig = await rigOf(t, upstreamOf(thought.dialect), other);
      upstream.script = answering(thought.dialect, undefined, thought.content);
      const question = caller.body('Look.', false, withTool[other.dialect]);
      const first = await rig.post(caller.path(false), question);
      const answer = (await first.json()) as Record<string, unknown>;
      upstream.script = refusing(thought.dialect, { class: 'overloaded', message: 'Busy.' });
      spare.script = answering(other.dialect);
      const second = await rig.post(caller.path(false), followUp(caller, question, answer));
      assert.equal(second.status, 200, await second.text());
      assert.notEqual(second.headers.get('entrepot-lost'), null);
      const { body } = spare.received.at(-1)!;
      assert.doesNotMatch(body, /entrepot|ZW50cmVwb3Q|c2lnbmVk|gAAAsealed|rs_1/);
      assert.match(body, /Let me look/);
    });
  }
}

test('G28: what Claude signed does not go to Nova, which speaks the same dialect', async t => {
  const deployments = [
    {
      ...deploymentOf(upstreamOf('bedrock-converse'), upstream.url),
      offer: { model: 'amazon/nova-2-lite', dialects: ['bedrock-converse'] },
    },
  ];
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  upstream.script = answering('bedrock-converse');
  const caller = callerOf('bedrock-converse');
  const thought = thoughts.find(({ dialect }) => dialect === 'bedrock-converse')!;
  const [reasoningText, toolUse] = [
    { text: 'Hm.', signature: thought.signature },
    { toolUseId: 'call_1', name: 'look', input: {} },
  ];
  const said = {
    role: 'assistant',
    content: [{ reasoningContent: { reasoningText } }, { toolUse }],
  };
  const toolResult = { toolUseId: 'call_1', content: [{ text: '12' }] };
  const messages = [
    { role: 'user', content: [{ text: 'Look.' }] },
    said,
    { role: 'user', content: [{ toolResult }] },
  ];
  const asked = { ...withTool['bedrock-converse'], messages };
  const response = await rig.post(caller.path(false), caller.body('', false, asked));
  assert.equal(response.status, 200, await response.text());
  assert.notEqual(response.headers.get('entrepot-lost'), null);
  assert.doesNotMatch(upstream.received.at(-1)!.body, /c2lnbmVk|reasoningContent/);
});

function issuerOf(dialect: GenerateName): string | undefined {
  return signers.find(([name]) => name === dialect)?.[1];
}

for (const caller of ['openai-chat', 'anthropic-messages'] as const) {
  test(`G38: thinking has one shape for a caller of ${caller}, whoever thought`, async t => {
    const shapes = new Set<string>();
    for (const thought of thoughts) {
      const rig = await rigOf(t, upstreamOf(thought.dialect));
      const { answer } = await twoTurns(rig, callerOf(caller), thought);
      const told =
        caller === 'openai-chat'
          ? (answer.choices as { message: { reasoning_content: string } }[])[0]!.message
              .reasoning_content
          : (answer.content as { type: string; thinking: string }[]).find(
              ({ type }) => type === 'thinking',
            )!.thinking;
      shapes.add(told);
    }
    assert.deepEqual([...shapes], ['Ships are in ports.']);
  });
}
