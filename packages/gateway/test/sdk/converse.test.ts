// Proves that AWS's own SDK can converse through the gateway whatever cloud answers: text, streams,
// calls of tools side by side and their answers, structured output, usage, exceptions. How: the SDK
// calls a gateway on loopback with the gateway's key as its token, behind which the simulated
// clouds speak their real wire formats.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type Message,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { key } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

// A type and not an interface: the client wants types with an index.
type Schema = {
  type: 'object';
  properties: { [name: string]: { type: string } };
  required: string[];
  additionalProperties: boolean;
};

const schema: Schema = {
  type: 'object',
  properties: { port: { type: 'string' }, tons: { type: 'integer' } },
  required: ['port', 'tons'],
  additionalProperties: false,
};
const toolConfig: NonNullable<ConverseCommandInput['toolConfig']> = {
  tools: ['find_ship', 'quote_freight'].map(name => ({
    toolSpec: { name, description: 'About ships.', inputSchema: { json: schema } },
  })),
};
const ask = (text: string): ConverseCommandInput & { messages: Message[] } => ({
  modelId: 'any',
  messages: [{ role: 'user', content: [{ text }] }],
});
const text = ask('Which port is cheapest? [[simulate input=40 output=24]]');
const twoCalls = { ...ask('Ask for both. [[simulate output=9 tools=2]]'), toolConfig };

async function client(t: TestContext, place: Omit<Place, 'name'>) {
  const rig = await gatewayTo(t, place);
  return { rig, bedrock: connect(t, rig.url, key) };
}

function connect(t: TestContext, endpoint: string, token: string): BedrockRuntimeClient {
  const bedrock = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    token: { token },
    authSchemePreference: ['httpBearerAuth'],

    maxAttempts: 1,
  });
  t.after(() => bedrock.destroy());
  return bedrock;
}

interface Said {
  readonly content: ContentBlock[];
  readonly stop: string;
  readonly tokens: readonly (number | undefined)[];
}

async function whole(bedrock: BedrockRuntimeClient, input: ConverseCommandInput): Promise<Said> {
  const { output, stopReason, usage } = await bedrock.send(new ConverseCommand(input));
  const { content = [], role } = output!.message!;
  assert.equal(role, 'assistant');
  return { content, stop: stopReason!, tokens: [usage!.inputTokens, usage!.outputTokens] };
}

async function streamed(bedrock: BedrockRuntimeClient, input: ConverseCommandInput): Promise<Said> {
  const { stream } = await bedrock.send(new ConverseStreamCommand(input));
  const texts = new Map<number, string>();
  const calls = new Map<number, { toolUseId: string; name: string; json: string }>();
  let stop = '';
  let tokens: Said['tokens'] = [];
  for await (const event of stream!) {
    const { contentBlockStart: start, contentBlockDelta: delta } = event;
    if (start?.start?.toolUse !== undefined) {
      const { toolUseId, name } = start.start.toolUse;
      calls.set(start.contentBlockIndex!, { toolUseId: toolUseId!, name: name!, json: '' });
    }
    const index = delta?.contentBlockIndex ?? -1;
    const said = delta?.delta?.text;
    if (said !== undefined) texts.set(index, (texts.get(index) ?? '') + said);
    const json = delta?.delta?.toolUse?.input;
    if (json !== undefined) calls.get(index)!.json += json;
    stop = event.messageStop?.stopReason ?? stop;
    const usage = event.metadata?.usage;
    if (usage !== undefined) tokens = [usage.inputTokens, usage.outputTokens];
  }
  const content: ContentBlock[] = [...texts.values()].map(part => ({ text: part }));
  for (const { json, ...call } of calls.values()) {
    content.push({ toolUse: { ...call, input: JSON.parse(json) } });
  }
  return { content, stop, tokens };
}

function textOf({ content }: Said): string {
  return content.map(block => block.text ?? '').join('');
}

for (const place of places) {
  describe(`converse from ${place.name}`, () => {
    test('text, whole and streamed, with the same stop and usage', async t => {
      const { bedrock, rig } = await client(t, place);
      const input = { ...text, system: [{ text: 'You are a harbour master.' }] };
      for (const answer of [await whole(bedrock, input), await streamed(bedrock, input)]) {
        assert.ok(textOf(answer).length > 20);
        assert.equal(answer.stop, 'end_turn');
        assert.deepEqual(answer.tokens, [40, 24]);
      }
      const records = await rig.records();
      assert.equal(records.length, 2);
      for (const record of records) {
        assert.equal(record.outcome, 'ok');
        assert.equal(record.dialect, 'bedrock-converse');
        assert.equal(record.chargeNanoUsd, 40 * 1000 + 24 * 2000);
      }
    });

    test('two calls of tools side by side, whole and streamed, and the turn after', async t => {
      const { bedrock } = await client(t, place);
      for (const answer of [await whole(bedrock, twoCalls), await streamed(bedrock, twoCalls)]) {
        assert.equal(answer.stop, 'tool_use');
        const calls = answer.content.flatMap(block => block.toolUse ?? []);
        assert.equal(calls.length, 2);
        assert.notEqual(calls[0]!.toolUseId, calls[1]!.toolUseId);
        for (const { input } of calls) {
          const { port, tons } = input as { port: unknown; tons: unknown };
          assert.equal(typeof port, 'string');
          assert.ok(Number.isInteger(tons));
        }
        const results = calls.map(
          ({ toolUseId }): ContentBlock => ({
            toolResult: { toolUseId, content: [{ text: 'Twelve ships.' }] },
          }),
        );
        const content = [...results, { text: 'And now? [[simulate output=5]]' }];
        const after = await whole(bedrock, {
          ...twoCalls,
          messages: [
            ...twoCalls.messages,
            { role: 'assistant', content: answer.content },
            { role: 'user', content },
          ],
        });
        assert.equal(after.stop, 'end_turn');
        assert.ok(textOf(after).length > 0);
      }
    });

    test('a forced tool, an answer to a schema, and the limit of tokens', async t => {
      const { bedrock } = await client(t, place);
      const forced = await whole(bedrock, {
        ...ask('Quote. [[simulate output=5]]'),
        toolConfig: { ...toolConfig, toolChoice: { tool: { name: 'quote_freight' } } },
      });
      const names = forced.content.flatMap(block => block.toolUse?.name ?? []);
      assert.deepEqual(names, ['quote_freight']);
      const jsonSchema = { name: 'r', schema: JSON.stringify(schema) };
      const structured = await whole(bedrock, {
        ...ask('As JSON.'),
        outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } },
      });
      const value = JSON.parse(textOf(structured));
      assert.equal(typeof value.port, 'string');
      assert.ok(Number.isInteger(value.tons));
      const cut = await whole(bedrock, {
        ...ask('At length. [[simulate output=400]]'),
        inferenceConfig: { maxTokens: 16 },
      });
      assert.equal(cut.stop, 'max_tokens');
    });
  });
}

test('exceptions are those that the SDK knows', async t => {
  const { bedrock, rig } = await client(t, { service: 'openai-api' });
  const wrongKey = connect(t, rig.url, 'wrong');
  await assert.rejects(wrongKey.send(new ConverseCommand(text)), {
    name: 'UnrecognizedClientException',
    message: 'This API key is not known here.',
  });
  await assert.rejects(
    bedrock.send(new ConverseCommand({ ...text, modelId: 'no-such' })),
    error => error instanceof ResourceNotFoundException && /no-such/.test(error.message),
  );
  const guarded = {
    ...text,
    guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
  };
  for (const command of [new ConverseCommand(guarded), new ConverseStreamCommand(guarded)]) {
    await assert.rejects(
      bedrock.send(command as ConverseCommand),
      error => error instanceof ValidationException && /guardrailConfig/.test(error.message),
    );
  }
});
