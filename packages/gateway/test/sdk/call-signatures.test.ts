// Proves that a call which Gemini signed comes back to it signed, through the official SDKs of
// other vendors: a simulated Gemini that insists on its own signatures takes the second turn of
// callers of Chat Completions, Responses, Messages and Converse, whole and streamed, also of those
// that keep no field that their dialect does not publish.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  ConverseStreamCommand,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI from 'openai';
import { key, type Rig } from '../rig.ts';
import { gatewayTo } from './clouds.ts';

const first = 'Ask for both. [[simulate output=9 tools=2]]';
const second = 'And now? [[simulate output=5 signatures=own]]';
const schema = {
  type: 'object' as const,
  properties: { port: { type: 'string' } },
  required: ['port'],
};
const name = 'find_ship';

/** Two turns of one SDK. Rejects with what Gemini refuses. */
type Turns = (rig: Rig, streamed: boolean, t: TestContext) => Promise<void>;

const chat: Turns = async ({ url }, streamed) => {
  const openai = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: first }];
  const tools = [{ type: 'function', function: { name, parameters: schema } } as const];
  const question = { model: 'any', messages, tools };
  const { choices } = streamed
    ? await openai.chat.completions.stream(question).finalChatCompletion()
    : await openai.chat.completions.create(question);
  const { message } = choices[0]!;
  const results = message.tool_calls!.map(
    ({ id }) => ({ role: 'tool', tool_call_id: id, content: '12' }) as const,
  );
  const asked = { role: 'user', content: second } as const;
  await openai.chat.completions.create({
    ...question,
    messages: [...messages, message, ...results, asked],
  });
};

const responses: Turns = async ({ url }, streamed) => {
  const openai = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const tools = [{ type: 'function', name, strict: false, parameters: schema } as const];
  const question = { model: 'any', store: false, tools };
  const { output } = streamed
    ? await openai.responses.stream({ ...question, input: first }).finalResponse()
    : await openai.responses.create({ ...question, input: first });
  const known = output.map((item): OpenAI.Responses.ResponseInputItem => {
    if (item.type === 'function_call') {
      const { type, call_id, name, arguments: args } = item;
      return { type, call_id, name, arguments: args };
    }
    assert.equal(item.type, 'reasoning');
    const { id, type, summary, encrypted_content } = item as OpenAI.Responses.ResponseReasoningItem;
    return { id, type, summary, encrypted_content: encrypted_content! };
  });
  const results = output.flatMap(item =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output', call_id: item.call_id, output: '12' } as const]
      : [],
  );
  const input = [
    { role: 'user', content: first } as const,
    ...known,
    ...results,
    { role: 'user', content: second } as const,
  ];
  await openai.responses.create({ ...question, input });
};

const messages: Turns = async ({ url }, streamed) => {
  const anthropic = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
  const asked: Anthropic.MessageParam = { role: 'user', content: first };
  const tools = [{ name, input_schema: schema }];
  const question = { model: 'any', max_tokens: 1024, tools };
  const { content } = streamed
    ? await anthropic.messages.stream({ ...question, messages: [asked] }).finalMessage()
    : await anthropic.messages.create({ ...question, messages: [asked] });
  const known = content.map((block): Anthropic.ContentBlockParam => {
    if (block.type === 'tool_use') {
      const { type, id, name, input } = block;
      return { type, id, name, input };
    }
    assert.equal(block.type, 'thinking');
    const { type, thinking, signature } = block as Anthropic.ThinkingBlock;
    return { type, thinking, signature };
  });
  const results = content.flatMap(block =>
    block.type === 'tool_use'
      ? [{ type: 'tool_result', tool_use_id: block.id, content: '12' } as const]
      : [],
  );
  const answers: Anthropic.MessageParam = {
    role: 'user',
    content: [...results, { type: 'text', text: second }],
  };
  const said = { role: 'assistant', content: known } as const;
  await anthropic.messages.create({ ...question, messages: [asked, said, answers] });
};

const converse: Turns = async ({ url }, streamed, t) => {
  const bedrock = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: url,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  t.after(() => bedrock.destroy());
  const asked: Message = { role: 'user', content: [{ text: first }] };
  const toolConfig = { tools: [{ toolSpec: { name, inputSchema: { json: schema } } }] };
  const question = { modelId: 'any', toolConfig };
  const content = streamed
    ? await gathered(bedrock, new ConverseStreamCommand({ ...question, messages: [asked] }))
    : (await bedrock.send(new ConverseCommand({ ...question, messages: [asked] }))).output!.message!
        .content!;
  const results = content.flatMap(({ toolUse }): ContentBlock[] =>
    toolUse === undefined
      ? []
      : [{ toolResult: { toolUseId: toolUse.toolUseId, content: [{ text: '12' }] } }],
  );
  const said: Message = { role: 'assistant', content };
  const answers: Message = { role: 'user', content: [...results, { text: second }] };
  await bedrock.send(new ConverseCommand({ ...question, messages: [asked, said, answers] }));
};

async function gathered(
  bedrock: BedrockRuntimeClient,
  command: ConverseStreamCommand,
): Promise<ContentBlock[]> {
  const blocks: { id?: string; name?: string; input: string; signature: string }[] = [];
  for await (const { contentBlockStart, contentBlockDelta } of (await bedrock.send(command))
    .stream!) {
    const at = contentBlockStart?.contentBlockIndex ?? contentBlockDelta?.contentBlockIndex;
    if (at === undefined) continue;
    blocks[at] ??= { input: '', signature: '' };
    const block = blocks[at];
    const toolUse = contentBlockStart?.start?.toolUse;
    if (toolUse !== undefined) Object.assign(block, { id: toolUse.toolUseId, name: toolUse.name });
    block.input += contentBlockDelta?.delta?.toolUse?.input ?? '';
    block.signature += contentBlockDelta?.delta?.reasoningContent?.signature ?? '';
  }
  return blocks.map(
    ({ id, name, input, signature }): ContentBlock =>
      id === undefined
        ? { reasoningContent: { reasoningText: { text: '', signature } } }
        : { toolUse: { toolUseId: id, name: name!, input: JSON.parse(input || '{}') } },
  );
}

test('a call that comes back bare is refused by who insists', async t => {
  const rig = await gatewayTo(t, { service: 'gemini-api' });
  const openai = new OpenAI({ apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 });
  const call = { id: 'a', type: 'function', function: { name, arguments: '{}' } } as const;
  const refused = openai.chat.completions.create({
    model: 'any',
    messages: [
      { role: 'user', content: first },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: '12' },
      { role: 'user', content: second },
    ],
  });
  await assert.rejects(refused, /Thought signature is not valid/);
});

const callers = { chat, responses, messages, converse };

for (const service of ['gemini-api', 'vertex-ai'] as const) {
  describe(`calls signed by ${service}`, () => {
    for (const [caller, turns] of Object.entries(callers)) {
      for (const streamed of [false, true]) {
        const how = streamed ? 'streamed' : 'whole';
        test(`come back through ${caller}, ${how}`, async t => {
          const rig = await gatewayTo(t, { service });
          await turns(rig, streamed, t);
          const records = await rig.records();
          assert.deepEqual(
            records.map(({ outcome, lost }) => [outcome, lost]),
            [
              ['ok', null],
              ['ok', null],
            ],
          );
        });
      }
    }
  });
}
