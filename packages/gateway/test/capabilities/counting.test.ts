// Proves the table of who counts tokens: each form of a count, posted to each place, is the figure
// of the vendor's own counter, or a 404 or 400 that says there is none. How: the simulated clouds,
// which count as many as the prompt says.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { counting } from '../../src/capabilities/counting.ts';
import { type Loose, type PlaceAt, type Posting, proveAnswer, startPosting } from './posting.ts';

type Place = (typeof counting.places)[number];

const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const at: Readonly<Record<Place, PlaceAt>> = {
  'openai-api, in Responses': { service: 'openai-api', offer: { dialects: ['openai-responses'] } },
  'anthropic-api': { service: 'anthropic-api' },
  'gemini-api': { service: 'gemini-api' },
  'vertex-ai, Gemini': { service: 'vertex-ai' },
  'vertex-ai, Claude': {
    service: 'vertex-ai',
    offer: { model: 'anthropic/claude-haiku-4-5', dialects: ['anthropic-messages'] },
  },
  'bedrock, Claude': { service: 'bedrock', offer: { serviceModelId: claude } },
  'openai-api, in Chat alone': { service: 'openai-api' },
  'azure-openai': { service: 'azure-openai' },
  'bedrock, other models': { service: 'bedrock', offer: { model: 'amazon/nova-2-lite' } },
  'bedrock-mantle': { service: 'bedrock-mantle' },
  'openai-compatible': { service: 'openai-compatible' },
};

const text = 'How many tokens has this? [[simulate input=321]]';
const messages = [{ role: 'user', content: text }];
const base64 = (body: unknown): string => Buffer.from(JSON.stringify(body)).toString('base64');
const native = (body: unknown): unknown => ({ input: { invokeModel: { body: base64(body) } } });

/** How each form is asked, by the name of the errand, and where its figure stands. */
const asks: Readonly<
  Record<string, readonly [(model: string) => unknown, (body: Loose) => Loose]>
> = {
  Messages: [model => ({ model, messages }), body => body.input_tokens],
  Responses: [model => ({ model, input: text }), body => body.input_tokens],
  Gemini: [() => ({ contents: [{ role: 'user', parts: [{ text }] }] }), body => body.totalTokens],
  Converse: [
    () => ({ input: { converse: { messages: [{ role: 'user', content: [{ text }] }] } } }),
    body => body.inputTokens,
  ],
  'the body of InvokeModel, Claude': [
    () => native({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages }),
    body => body.inputTokens,
  ],
};

let posting: Posting;
before(async () => {
  posting = await startPosting(at);
});
after(() => posting.close());

for (const errand of counting.errands) {
  describe(errand.name, () => {
    const [ask, figure] = asks[errand.name]!;
    for (const place of counting.places) {
      test(`at ${place}: ${errand.at[place].is}`, async () => {
        const model = posting.routeOf(place);
        const response = await posting.post(errand.said.replace('{model}', model), ask(model));
        await proveAnswer(response, errand.at[place], body => figure(body) > 0);
      });
    }
  });
}

test('each form has an errand, and each errand a form', () => {
  assert.deepEqual(
    Object.keys(asks),
    counting.errands.map(({ name }) => name),
  );
});
