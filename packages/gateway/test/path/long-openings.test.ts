// Streams of Responses begin by saying the request again, with its instructions and tools, twice:
// what is held until the first content grows with the request, and is no reason to give it up.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FakeUpstream, Rig, type Script } from '../rig.ts';

const sse = (event: Record<string, unknown>): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** Repeats the instructions in each event before the first words. */
const openings =
  (events: number): Script =>
  ({ body }, response) => {
    const { instructions } = JSON.parse(body) as { instructions: string };
    const told = {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      model: 'm',
      output: [],
      instructions,
    };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let n = 0; n < events; n++) {
      const type = n === 0 ? 'response.created' : 'response.in_progress';
      response.write(
        sse({ type, sequence_number: n, response: { ...told, status: 'in_progress' } }),
      );
    }
    const part = { item_id: 'msg_1', output_index: 0, content_index: 0, sequence_number: events };
    response.write(
      sse({ type: 'response.output_text.delta', ...part, delta: 'Tea.', logprobs: [] }),
    );
    const usage = { input_tokens: 9, output_tokens: 1, total_tokens: 10 };
    const whole = { ...told, status: 'completed', usage };
    response.end(sse({ type: 'response.completed', sequence_number: 9, response: whole }));
  };

const upstream = new FakeUpstream(openings(2));
let rig: Rig;
before(async () => {
  await upstream.listen();
  const deployments = [
    {
      id: 'one',
      service: 'openai-api',
      endpoint: upstream.url,
      offer: { dialects: ['openai-responses'] },
    },
  ] as const;
  rig = await Rig.start({ deployments });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

function ask(): Promise<Response> {
  const instructions = 'Say what tea costs. '.repeat(50_000);
  return rig.post('/v1/responses', {
    model: 'any',
    input: 'And?',
    instructions,
    stream: true,
    store: false,
  });
}

test('a prompt of a megabyte is said again twice before the first word', async () => {
  upstream.script = openings(2);
  const response = await ask();
  assert.equal(response.status, 200);
  const text = await response.text();
  assert.match(text, /"delta":"Tea\."/);
  assert.match(text, /response\.completed/);
});

test('an upstream that never comes to the point is given up', async () => {
  upstream.script = openings(20);
  const response = await ask();
  assert.equal(response.status, 502);
  assert.match(await response.text(), /upstream/);
});
