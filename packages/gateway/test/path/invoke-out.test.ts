// Proves that callers of Messages reach Claude on Bedrock by InvokeModel with their own bytes: what
// the path says leaves the body, events come out of Bedrock's frames unchanged, refusals keep their
// meaning. How: a scripted Bedrock on loopback that records what it gets and sends fixed frames.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exceptionFrame } from '@entrepot/dialects/bedrock-frames';
import { SseToChunks } from '@entrepot/dialects/chunk-frames';
import { encodeSse } from '@entrepot/dialects/sse';
import { FakeUpstream, Rig, type Script } from '../rig.ts';

const model = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
const encoded = encodeURIComponent(model);

const whole =
  '{"id":"msg_bdrk_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001",' +
  '"content":[{"type":"text","text":"A ship."}],"stop_reason":"end_turn","stop_sequence":null,' +
  '"usage":{"input_tokens":20,"output_tokens":5}}';

const event = (json: string): Uint8Array =>
  encodeSse((JSON.parse(json) as { type: string }).type, json);

/** The last one has what Bedrock adds. */
const events = [
  '{"type":"message_start","message":{"id":"msg_bdrk_1","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":1}}}',
  '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A ship."}}',
  '{"type":"content_block_stop","index":0}',
  '{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}',
  '{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":20,"outputTokenCount":5,"invocationLatency":9,"firstByteLatency":3}}',
].map(event);

const frames = (some: readonly Uint8Array[]): Uint8Array =>
  new SseToChunks().push(Buffer.concat(some));

const claude: Script = ({ path }, response) => {
  const stream = path.endsWith('/invoke-with-response-stream');
  const type = stream ? 'application/vnd.amazon.eventstream' : 'application/json';
  response.writeHead(200, { 'content-type': type, 'x-amzn-requestid': 'bedrock-1' });
  response.end(stream ? frames(events) : whole);
};

const upstream = new FakeUpstream(claude);
let rig: Rig;

before(async () => {
  await upstream.listen();
  rig = await Rig.start({
    deployments: [
      {
        id: 'claude',
        service: 'bedrock',
        endpoint: upstream.url,
        modelName: model,
        offer: { dialects: ['bedrock-converse', 'bedrock-invoke'] },
      },
    ],
  });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

const body =
  '{ "model" : "any","max_tokens":64, "stream": STREAM ,\n "messages":[{"role":"user","content":"\\u00e9"}],"x_new":{"a":[1e3,-0]}}';
const kept =
  '"max_tokens":64,"messages":[{"role":"user","content":"\\u00e9"}],"x_new":{"a":[1e3,-0]}}';
const ask = (stream: boolean, headers: Record<string, string> = {}): Promise<Response> =>
  rig.post('/v1/messages', body.replace('STREAM', String(stream)), headers);

test('the body goes as it is, without what the path says, and comes back byte for byte', async () => {
  const response = await ask(false);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), whole);
  const { path, body: sent, headers } = upstream.received.at(-1)!;
  assert.equal(path, `/model/${encoded}/invoke`);
  assert.equal(sent, `{"anthropic_version":"bedrock-2023-05-31",${kept}`);
  assert.equal(headers['anthropic-beta'], undefined);
});

test('a stream comes out of its frames as the events that it is made of', async () => {
  const response = await ask(true);
  assert.match(response.headers.get('content-type')!, /^text\/event-stream/);
  assert.equal(await response.text(), Buffer.concat(events).toString());
  assert.equal(upstream.received.at(-1)!.path, `/model/${encoded}/invoke-with-response-stream`);
  const [record] = (await rig.records()).filter(({ stream }) => stream);
  assert.equal(record!.outcome, 'ok');
  assert.equal(record!.chargeNanoUsd, 20 * 1000 + 5 * 2000);
  assert.equal(record!.attempts[0]!.upstreamRequestId, 'bedrock-1');
});

test('G34: betas that came in a header go in the body; one that is unknown there is lost', async () => {
  const names = 'context-1m-2025-08-07, oauth-2025-04-20,advanced-tool-use-2025-11-20';
  const response = await ask(false, { 'anthropic-beta': names });
  await response.text();
  const { body: sent, headers } = upstream.received.at(-1)!;
  const { anthropic_beta } = JSON.parse(sent) as { anthropic_beta: string[] };
  assert.deepEqual(anthropic_beta, ['context-1m-2025-08-07', 'tool-search-tool-2025-10-19']);
  assert.equal(headers['anthropic-beta'], undefined);
  assert.equal(response.headers.get('entrepot-lost'), 'anthropic-beta:oauth-2025-04-20');
});

test('G34: betas that came in a body of invoke go on as they do from a header', async () => {
  const claude = {
    anthropic_version: 'bedrock-2023-05-31',
    anthropic_beta: ['context-1m-2025-08-07', 'oauth-2025-04-20'],
    max_tokens: 64,
    messages: [{ role: 'user', content: 'hi' }],
  };
  const response = await rig.post('/model/any/invoke', claude);
  assert.equal(await response.text(), whole);
  const sent = JSON.parse(upstream.received.at(-1)!.body) as object;
  assert.deepEqual(sent, { ...claude, anthropic_beta: ['context-1m-2025-08-07'] });
  assert.equal(response.headers.get('x-amzn-requestid'), response.headers.get('x-request-id'));
  const stream = await rig.post('/model/any/invoke-with-response-stream', claude);
  assert.equal(stream.headers.get('content-type'), 'application/vnd.amazon.eventstream');
  const received = Buffer.from(await stream.arrayBuffer());
  assert.deepEqual(received, Buffer.from(frames(events)));
});

test('callers of other dialects are served by Converse', async () => {
  upstream.script = (_, response) => {
    const message = { role: 'assistant', content: [{ text: 'A ship.' }] };
    const usage = { inputTokens: 20, outputTokens: 5, totalTokens: 25 };
    const answer = { output: { message }, stopReason: 'end_turn', usage };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  const messages = [{ role: 'user', content: 'hi' }];
  const response = await rig.post('/v1/chat/completions', { model: 'any', messages });
  upstream.script = claude;
  assert.equal(response.status, 200);
  assert.equal(upstream.received.at(-1)!.path, `/model/${encoded}/converse`);
});

test('a refusal in the words of Bedrock is told in those of Messages', async () => {
  upstream.script = (_, response) => {
    response.writeHead(400, {
      'content-type': 'application/json',
      'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/coral/',
    });
    response.end('{"message":"Input is too long for requested model."}');
  };
  const response = await ask(false);
  upstream.script = claude;
  assert.equal(response.status, 400);
  const answer = (await response.json()) as { error: { type: string; message: string } };
  assert.equal(answer.error.type, 'invalid_request_error');
  assert.match(answer.error.message, /too long/);
});

test('G03, G09: an exception inside the frames is an error before content, an error event after', async () => {
  const exception = exceptionFrame('validationException', 'The model refused.');
  const begun = frames(events.slice(0, 3));
  /** `last` comes when the caller has been answered what came before it. */
  const answered = async (first: Uint8Array, last: Uint8Array): Promise<Response> => {
    let finish = (): void => {};
    upstream.script = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      response.write(first);
      finish = () => response.end(last);
    };
    const response = await ask(true);
    finish();
    return response;
  };
  upstream.script = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.end(Buffer.concat([frames(events.slice(0, 1)), exception]));
  };
  const before = await ask(true);
  const during = await answered(begun, exception);
  const cut = await answered(begun, Buffer.alloc(0));
  upstream.script = claude;
  assert.equal(before.status, 400);
  for (const response of [during, cut]) {
    assert.equal(response.status, 200);
    const said = await response.text();
    assert.ok(said.startsWith(Buffer.concat(events.slice(0, 3)).toString()));
    assert.match(said, /event: error\ndata: .*\n\n$/);
    assert.ok(!said.includes('message_stop'));
  }
});
