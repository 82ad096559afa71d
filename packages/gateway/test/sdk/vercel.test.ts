// Proves that Vercel's `ai` works against the gateway through each of its providers, whatever cloud
// answers: text whole and streamed, tools in a loop with a second turn, objects to a schema,
// images, reasoning that goes round, errors. Simulated clouds speak their real wire formats behind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createAzure } from '@ai-sdk/azure';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  generateText,
  jsonSchema,
  type LanguageModel,
  Output,
  stepCountIs,
  streamText,
  tool,
} from 'ai';
import { key, type Rig } from '../rig.ts';
import { gatewayTo, places } from './clouds.ts';

type Client = (url: string, apiKey: string, route: string) => LanguageModel;

const clients: Readonly<Record<string, Client>> = {
  'openai chat': (url, apiKey, route) => createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(route),
  'openai responses': (url, apiKey, route) =>
    createOpenAI({ baseURL: `${url}/v1`, apiKey }).responses(route),
  'azure chat': (url, apiKey, route) => createAzure({ baseURL: `${url}/v1`, apiKey }).chat(route),
  'azure responses': (url, apiKey, route) =>
    createAzure({ baseURL: `${url}/v1`, apiKey }).responses(route),
  anthropic: (url, apiKey, route) => createAnthropic({ baseURL: `${url}/v1`, apiKey })(route),
  google: (url, apiKey, route) =>
    createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey })(route),
  'amazon-bedrock': (url, apiKey, route) =>
    createAmazonBedrock({ baseURL: url, apiKey, region: 'any' })(route),
  'openai-compatible': (url, apiKey, route) =>
    createOpenAICompatible({
      name: 'entrepot',
      baseURL: `${url}/v1`,
      apiKey,
      includeUsage: true,
      supportsStructuredOutputs: true,
    })(route),
};

const schema = jsonSchema<{ port: string; tons: number }>({
  type: 'object',
  properties: { port: { type: 'string' }, tons: { type: 'integer' } },
  required: ['port', 'tons'],
  additionalProperties: false,
});

const asked = 'Which port is cheapest? [[simulate input=40 output=24]]';
/** A red dot: one pixel of PNG. */
const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

const cases: Readonly<Record<string, (model: LanguageModel, rig: Rig) => Promise<void>>> = {
  'text, whole and streamed, with usage': async (model, rig) => {
    const question = { model, prompt: asked, instructions: 'You are brief.', maxRetries: 0 };
    const whole = await generateText(question);
    const stream = streamText(question);
    const chunks = await Array.fromAsync(stream.textStream);
    assert.ok(chunks.length > 2);
    const streamed = { text: chunks.join(''), usage: await stream.usage };
    for (const { text, usage } of [whole, streamed]) {
      assert.ok(text.length > 20);
      assert.deepEqual([usage.inputTokens, usage.outputTokens], [40, 24]);
    }
    assert.deepEqual([whole.finishReason, await stream.finishReason], ['stop', 'stop']);
    const records = (await rig.records()).slice(0, 2);
    assert.deepEqual(
      records.map(record => [record.outcome, record.inputTokens, record.outputTokens]),
      [
        ['ok', 40, 24],
        ['ok', 40, 24],
      ],
    );
  },

  'two tools at once, and the turn after': async model => {
    for (const run of [generateText, streamText]) {
      const ran: unknown[] = [];
      const find = tool({
        description: 'About ships.',
        inputSchema: schema,
        execute: async input => {
          ran.push(input);
          return { ships: 12 };
        },
      });
      const result = run({
        model,
        prompt: 'Ask for both. [[simulate output=9 tools=2]]',
        tools: { find_ship: find, quote_freight: find },
        stopWhen: stepCountIs(2),
        maxRetries: 0,
      });
      const whole = result instanceof Promise ? await result : result;
      const steps = await whole.steps;
      assert.deepEqual(
        steps.map(step => [step.finishReason, step.toolCalls.length]),
        [
          ['tool-calls', 2],
          ['stop', 0],
        ],
      );
      assert.equal(ran.length, 2);
      for (const input of ran) assert.equal(typeof (input as { port: string }).port, 'string');
      assert.ok((await whole.text).length > 0);
    }
  },

  'an object to a schema': async model => {
    const output = Output.object({ schema });
    const whole = await generateText({ model, prompt: 'As JSON.', output, maxRetries: 0 });
    const stream = streamText({ model, prompt: 'As JSON.', output, maxRetries: 0 });
    for (const value of [whole.output, await stream.output]) {
      assert.equal(typeof value.port, 'string');
      assert.ok(Number.isInteger(value.tons));
    }
  },

  'an image': async model => {
    const file = { type: 'file' as const, mediaType: 'image/png', data: dot };
    const text = { type: 'text' as const, text: 'What is it? [[simulate output=6]]' };
    const messages = [{ role: 'user' as const, content: [text, file] }];
    const { usage } = await generateText({ model, messages, maxRetries: 0 });
    assert.equal(usage.outputTokens, 6);
    assert.ok(usage.inputTokens! > 50, 'the image was counted');
  },

  'a limit of tokens': async model => {
    const prompt = 'At length. [[simulate output=400]]';
    const { finishReason, usage } = await generateText({
      model,
      prompt,
      maxOutputTokens: 32,
      maxRetries: 0,
    });
    assert.deepEqual([finishReason, usage.outputTokens], ['length', 32]);
  },
};

const oneCall = 'tool_choice.disable_parallel_tool_use';
/** What a cloud cannot carry is refused by name, and left out on a route that drops losses. */
const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // A model that the provider does not know answers to a schema by one forced call of a tool.
  'anthropic: an object to a schema': {
    bedrock: oneCall,
    'gemini-api': oneCall,
    'vertex-ai': oneCall,
  },
};

for (const place of places) {
  test(`ai in front of ${place.name}`, async t => {
    const rig = await gatewayTo(t, place);
    const dropping = await gatewayTo(t, place, { losses: 'drop' });
    for (const [client, create] of Object.entries(clients)) {
      const model = create(rig.url, key, 'any');
      for (const [name, run] of Object.entries(cases)) {
        const field = refused[`${client}: ${name}`]?.[place.name];
        await t.test(`${client}: ${name}`, async () => {
          if (field === undefined) return run(model, rig);
          await assert.rejects(
            run(model, rig),
            error =>
              APICallError.isInstance(error) &&
              error.message.includes(`"${field}" cannot be carried`),
          );
          await run(create(dropping.url, key, 'any'), dropping);
        });
      }
    }
  });
}

test('errors are those that the SDK knows, with their status and words', async t => {
  const rig = await gatewayTo(t, { service: 'anthropic-api' });
  for (const [client, create] of Object.entries(clients)) {
    await t.test(client, async () => {
      const unauthorized = client === 'amazon-bedrock' ? 403 : 401;
      await fails(create(rig.url, 'wrong', 'any'), unauthorized, /not known here/);
      await fails(create(rig.url, key, 'no-such'), 404, /no route/);
      await fails(
        create(rig.url, key, 'any'),
        400,
        /context|too long/i,
        ' [[simulate input=9000000]]',
      );
    });
  }
});

async function fails(
  model: LanguageModel,
  status: number,
  words: RegExp,
  more = '',
): Promise<void> {
  await assert.rejects(generateText({ model, prompt: `Q${more}`, maxRetries: 0 }), error => {
    assert.ok(APICallError.isInstance(error), String(error));
    assert.equal(error.statusCode, status);
    assert.match(error.message, words);
    return true;
  });
}

type Options = NonNullable<Parameters<typeof generateText>[0]['providerOptions']>;

const claude = ['anthropic-api', 'bedrock', 'vertex-ai with Claude'];
const summarizing = ['gemini-api', 'vertex-ai', 'openai-api in Responses'];
const budget = { type: 'enabled', budgetTokens: 1024 } as const;
/**
 * How each provider is told to have a model think and to show it, and where that can be said. That
 * of Bedrock tells Claude from others by the name alone, which is a route's here.
 */
const thinking: readonly (readonly [string, readonly string[], Options])[] = [
  [
    'openai responses',
    [...claude, ...summarizing],
    {
      openai: {
        reasoningEffort: 'low',
        reasoningSummary: 'auto',
        forceReasoning: true,
        store: false,
        include: ['reasoning.encrypted_content'],
      },
    },
  ],
  ['anthropic', claude, { anthropic: { thinking: budget } }],
  [
    'anthropic',
    summarizing,
    { anthropic: { thinking: { type: 'adaptive', display: 'summarized' } } },
  ],
  [
    'google',
    [...claude, ...summarizing],
    { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } } },
  ],
  ['openai-compatible', claude, { entrepot: { reasoningEffort: 'low' } }],
];

for (const place of places.filter(({ name }) => [...claude, ...summarizing].includes(name))) {
  test(`reasoning from ${place.name} comes and goes back with the answer of a tool`, async t => {
    // A budget is of Claude alone: elsewhere it becomes an effort, which a route may refuse.
    const rig = await gatewayTo(t, place, { losses: 'drop' });
    for (const [client, where, providerOptions] of thinking) {
      if (!where.includes(place.name)) continue;
      await t.test(client, async () => {
        const { steps } = await generateText({
          model: clients[client]!(rig.url, key, 'any'),
          prompt: 'Think. [[simulate output=6 thinking=20 tools=1]]',
          tools: { find_ship: tool({ inputSchema: schema, execute: async () => 'Twelve.' }) },
          stopWhen: stepCountIs(2),
          maxOutputTokens: 4096,
          maxRetries: 0,
          providerOptions,
        });
        assert.equal(steps.length, 2);
        assert.ok((steps[0]!.reasoningText ?? '').length > 0);
        assert.equal(steps[1]!.finishReason, 'stop');
      });
    }
  });
}
