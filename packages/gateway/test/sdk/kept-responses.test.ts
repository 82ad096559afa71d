// Proves that answers of Responses that the gateway keeps can be gone on with by openai's own SDK,
// whichever cloud answered before and whichever answers now, streamed or not, with tools and
// reasoning, and after a restart; that they can be read, listed and deleted, and by their own key
// alone. How: a gateway with a route to each simulated cloud, which remember nothing themselves.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Simcloud, startSimcloud } from '@entrepot/simcloud/simcloud';
import OpenAI from 'openai';
import {
  checkEvents,
  type StreamEvent,
} from '../../../dialects/test/openai-responses/response-grammar.ts';
import { key, otherKey, Rig } from '../rig.ts';
import { deploymentAt, places } from './clouds.ts';

type Item = OpenAI.Responses.ResponseInputItem;
/** With what the API's description has and the SDK's type has not. */
type Answer = OpenAI.Responses.Response & { readonly store?: boolean };

let simcloud: Simcloud;
let rig: Rig;
const names = places.map(({ name }) => name.replaceAll(' ', '-'));

before(async () => {
  simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  rig = await Rig.start({
    deployments: places.map(({ service, offer = {} }, at) => ({
      ...deploymentAt(simcloud, service),
      id: names[at]!,
      offer: { ...offer, id: `${names[at]}/global/model` },
    })),
    routeEach: true,
    responses: { store: 'gateway' },
  });
});
after(async () => {
  await rig.close();
  await simcloud.close();
});

function sdk(apiKey = key): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${rig.url}/v1`, maxRetries: 0 });
}

const tools: OpenAI.Responses.FunctionTool[] = [
  {
    type: 'function',
    name: 'find_ship',
    description: 'About ships.',
    strict: false,
    parameters: { type: 'object', properties: { port: { type: 'string' } }, required: ['port'] },
  },
];

function callIds({ output }: Answer): string[] {
  return output.filter(item => item.type === 'function_call').map(item => item.call_id);
}

function resultsOf(answer: Answer): Item[] {
  return callIds(answer).map(call_id => ({
    type: 'function_call_output',
    call_id,
    output: 'Twelve ships.',
  }));
}

async function ask(
  streamed: boolean,
  question: OpenAI.Responses.ResponseCreateParamsNonStreaming,
): Promise<Answer> {
  const openai = sdk();
  return streamed
    ? await openai.responses.stream({ ...question, stream: true }).finalResponse()
    : await openai.responses.create(question);
}

/** A turn that ends with a call of a tool. */
async function firstTurn(model: string, streamed: boolean): Promise<Answer> {
  const input = `Think of ${model}. [[simulate output=6 thinking=20 tools=1]]`;
  const thinks = /anthropic|^bedrock$|gemini|Claude|InvokeModel|-in-(Responses|Messages)$/;
  const summary = thinks.test(model) ? ({ summary: 'auto' } as const) : {};
  const reasoning = { effort: 'low', ...summary } as const;
  const answer = await ask(streamed, { model, input, tools, reasoning });
  assert.equal(answer.status, 'completed');
  assert.match(answer.id, /^resp_[0-9a-f]{48}$/);
  assert.equal(answer.store, true);
  assert.equal(answer.previous_response_id, null);
  assert.equal(callIds(answer).length, 1);
  return answer;
}

describe('a conversation goes on', () => {
  for (const streamed of [false, true]) {
    for (const first of names) {
      test(`from ${first} to every cloud, ${streamed ? 'streamed' : 'whole'}`, async () => {
        const start = await firstTurn(first, streamed);
        for (const second of names) {
          const answer = await ask(streamed, {
            model: second,
            previous_response_id: start.id,
            input: [...resultsOf(start), { role: 'user', content: 'And? [[simulate output=5]]' }],
            tools,
          });
          assert.equal(answer.status, 'completed', second);
          assert.equal(answer.previous_response_id, start.id);
          assert.notEqual(answer.id, start.id);
          assert.ok(answer.output_text.length > 0);
        }
      });
    }
  }

  test('around all clouds and back, and after a restart', async () => {
    let previous = await firstTurn(names[0]!, false);
    let pending = resultsOf(previous);
    for (const model of [...names.slice(1), ...names.toReversed()]) {
      if (model === 'bedrock') await rig.restart();
      const before = previous.id;
      previous = await ask(model.length % 2 === 0, {
        model,
        previous_response_id: before,
        input: [...pending, { role: 'user', content: 'Go on. [[simulate output=8 tools=1]]' }],
        tools,
      });
      pending = resultsOf(previous);
      assert.equal(pending.length, 1, model);
      assert.equal(previous.previous_response_id, before);
    }
    const last = await sdk().responses.create({
      model: 'anthropic-api',
      previous_response_id: previous.id,
      input: pending,
      instructions: 'Be brief.',
      tools,
    });
    assert.ok(last.usage!.input_tokens > 200, `${last.usage!.input_tokens}`);
    assert.equal(last.instructions, 'Be brief.');
  });

  test('the turns before are counted in, and no instructions of theirs', async () => {
    const model = 'anthropic-api';
    const long = 'port '.repeat(2000);
    const first = await ask(false, { model, input: 'Hi', instructions: long });
    const next = { model, previous_response_id: first.id, input: 'Hi' };
    assert.ok((await ask(false, next)).usage!.input_tokens < 1000);
    const second = await ask(false, { model, input: long });
    const counted = await ask(true, { ...next, previous_response_id: second.id });
    assert.ok(counted.usage!.input_tokens > 1000);
  });

  test('and what is not to be kept is not', async () => {
    const first = await ask(false, { model: 'bedrock', input: 'Hi' });
    for (const streamed of [false, true]) {
      const { id, store, previous_response_id } = await ask(streamed, {
        model: 'openai-api-in-Responses',
        input: 'Hi',
        store: false,
        previous_response_id: first.id,
      });
      assert.deepEqual([store, previous_response_id], [false, first.id]);
      await assert.rejects(sdk().responses.retrieve(id), OpenAI.NotFoundError);
    }
  });
});

describe('a kept answer', () => {
  for (const streamed of [false, true]) {
    for (const model of names) {
      test(`of ${model}, ${streamed ? 'streamed' : 'whole'}, is read as it was given`, async () => {
        const answer = await firstTurn(model, streamed);
        const read = await sdk().responses.retrieve(answer.id);
        assert.deepEqual(asSent(read), asSent(answer));
      });
    }
  }

  test('lists what it was made of, page by page, the turns before included', async () => {
    const first = await firstTurn('gemini-api', false);
    const second = await ask(false, {
      model: 'anthropic-api',
      previous_response_id: first.id,
      input: [...resultsOf(first), { role: 'user', content: 'And?' }],
      tools,
    });
    const list = sdk().responses.inputItems;
    const all = await Array.fromAsync(list.list(second.id, { order: 'asc', limit: 2 }));
    assert.equal(all[0]!.type, 'message');
    assert.match(JSON.stringify(all[0]), /"content":\[{"type":"input_text"/);
    const types = all.map(({ type }) => type);
    assert.deepEqual(types.slice(-3), ['function_call', 'function_call_output', 'message']);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    const page = await list.list(second.id);
    assert.deepEqual(
      page.data.map(({ id }) => id),
      all.map(({ id }) => id).toReversed(),
    );
    await assert.rejects(list.list(second.id, { limit: 101 }), OpenAI.BadRequestError);
  });

  test('is gone when it is deleted, and so is what went on from it', async () => {
    const { id } = await ask(false, { model: 'bedrock', input: 'Hi' });
    const next = await ask(false, { model: 'bedrock', input: 'Hi', previous_response_id: id });
    await sdk().responses.delete(id);
    await assert.rejects(sdk().responses.retrieve(id), isNotFound(id));
    await assert.rejects(sdk().responses.delete(id), isNotFound(id));
    for (const previous of [id, next.id]) {
      await assert.rejects(
        ask(false, { model: 'bedrock', input: 'Hi', previous_response_id: previous }),
        isCode('previous_response_not_found', id),
      );
    }
  });

  test('is nothing to another key', async () => {
    const { id } = await ask(false, { model: 'bedrock', input: 'Hi' });
    const other = sdk(otherKey).responses;
    await assert.rejects(other.retrieve(id), isNotFound(id));
    await assert.rejects(other.inputItems.list(id), isNotFound(id));
    await assert.rejects(other.delete(id), isNotFound(id));
    await assert.rejects(
      other.create({ model: 'bedrock', input: 'Hi', previous_response_id: id }),
      isCode('previous_response_not_found'),
    );
    const wrong = new OpenAI({ apiKey: 'wrong', baseURL: `${rig.url}/v1`, maxRetries: 0 });
    await assert.rejects(wrong.responses.retrieve(id), OpenAI.AuthenticationError);
    assert.equal((await sdk().responses.retrieve(id)).id, id);
  });

  for (const model of names) {
    test(`of ${model} is streamed again, to its end or from the middle on`, async () => {
      const answer = await firstTurn(model, false);
      const { responses } = sdk();
      const whole = await Array.fromAsync(await responses.retrieve(answer.id, { stream: true }));
      checkEvents(whole as unknown as readonly StreamEvent[]);
      const last = whole.at(-1)!;
      assert.ok(last.type === 'response.completed');
      assert.deepEqual(asSent(last.response), asSent(answer));
      const after = (starting_after: number) =>
        responses.retrieve(answer.id, { stream: true, starting_after });
      const rest = await Array.fromAsync(await after(4));
      assert.deepEqual(rest, whole.slice(5));
      const [end, ...more] = await Array.fromAsync(await after(1000));
      assert.deepEqual(more, []);
      assert.equal(end!.type, last.type);
      assert.equal(end!.sequence_number, 1001);
      await assert.rejects(after(-1), OpenAI.BadRequestError);
    });
  }

  test('lends its items to requests that refer to them, to every cloud and later turns', async () => {
    const reference = (id: string): Item => ({ type: 'item_reference', id });
    for (const model of names) {
      const answer = await firstTurn(model, false);
      const input = [
        { role: 'user', content: 'Ask. [[simulate output=6]]' } as const,
        ...answer.output.map(({ id }) => reference(id!)),
        ...resultsOf(answer),
        { role: 'user', content: 'And? [[simulate output=5]]' } as const,
      ];
      for (const second of [model, 'anthropic-api', 'gemini-api']) {
        const next = await ask(false, { model: second, input, tools });
        assert.equal(next.status, 'completed', `${model} to ${second}`);
        const previous_response_id = next.id;
        const last = await ask(false, {
          model: 'bedrock',
          input: 'Go on.',
          previous_response_id,
          tools,
        });
        assert.equal(last.status, 'completed');
      }
      await assert.rejects(
        sdk(otherKey).responses.create({ model, input, tools }),
        isCode('item_not_found', answer.output[0]!.id!),
      );
    }
    await assert.rejects(
      ask(false, { model: 'bedrock', input: [reference('msg_none')] }),
      isCode('item_not_found', "Item with id 'msg_none' not found."),
    );
  });

  test('was not made in the background', async () => {
    const { id } = await ask(false, { model: 'bedrock', input: 'Hi' });
    await assert.rejects(sdk().responses.cancel(id), /Cannot cancel a synchronous response/);
    await assert.rejects(sdk().responses.cancel('resp_none'), isNotFound('resp_none'));
    await assert.rejects(
      ask(false, { model: 'bedrock', input: 'Hi', background: true }),
      isCode('no_background'),
    );
  });
});

/** Without what the SDK adds by itself. */
function asSent(answer: Answer): unknown {
  const added = ['output_text', 'output_parsed', 'parsed_arguments', 'parsed', '_request_id'];
  const drop = (key: string, value: unknown) => (added.includes(key) ? undefined : value);
  return JSON.parse(JSON.stringify(answer, drop));
}

function isCode(code: string, detail = ''): (error: unknown) => boolean {
  return error =>
    error instanceof OpenAI.BadRequestError &&
    error.code === code &&
    error.message.includes(detail);
}

function isNotFound(id: string): (error: unknown) => boolean {
  return error =>
    error instanceof OpenAI.NotFoundError &&
    error.code === null &&
    error.type === 'invalid_request_error' &&
    error.message === `404 Response with id '${id}' not found.`;
}
