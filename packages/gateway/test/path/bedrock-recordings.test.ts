// Proves that recorded answers of InvokeModel and of Mantle come through the gateway as they are to
// callers of their own dialect, and whole to callers of others, with the usage that they say. How:
// each is replayed by a scripted upstream on loopback.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ChunksToSse } from '@entrepot/dialects/chunk-frames';
import {
  type Recording,
  recordings,
  recordingsMissing,
} from '../../../dialects/test/shared/recordings.ts';
import { FakeUpstream, Rig, type RigDeployment } from '../rig.ts';

const skip = recordingsMissing;
const upstream = new FakeUpstream(() => {});
let invoke: Rig;
let responses: Rig;
let chat: Rig;

before(async () => {
  await upstream.listen();
  const rig = (service: RigDeployment['service'], offer: RigDeployment['offer']): Promise<Rig> =>
    Rig.start({ deployments: [{ id: 'one', service, endpoint: upstream.url, offer: offer! }] });
  invoke = await rig('bedrock', { dialects: ['bedrock-invoke'] });
  responses = await rig('bedrock-mantle', { dialects: ['openai-responses'] });
  chat = await rig('bedrock-mantle', { dialects: ['openai-chat'], model: 'openai/gpt-oss-20b' });
});
after(async () => {
  await Promise.all([invoke, responses, chat].map(rig => rig.close()));
  await upstream.close();
});

/** The upstream answers with the recording, in pieces that do not respect frames. */
function replay({ status, headers, body, streaming }: Recording): void {
  upstream.script = (_, response) => {
    const { 'content-type': type = 'application/json' } = headers;
    response.writeHead(status, { 'content-type': type });
    const step = streaming ? 997 : body.length;
    for (let at = 0; at < body.length; at += step) response.write(body.subarray(at, at + step));
    response.end();
  };
}

const askMessages = (stream: boolean) => ({
  model: 'any',
  max_tokens: 64,
  stream,
  messages: [{ role: 'user', content: 'hi' }],
});
const askChat = (stream: boolean) => ({
  model: 'any',
  stream,
  messages: [{ role: 'user', content: 'hi' }],
});

const isClaude = ({ requestBody, status }: Recording): boolean =>
  status === 200 && requestBody.includes('anthropic_version');

describe('InvokeModel of Claude', { skip }, () => {
  for (const recording of recordings('invoke').filter(isClaude)) {
    test(`${recording.file} to callers of Messages, InvokeModel and Chat`, async () => {
      const { body } = recording;
      replay(recording);
      const messages = await invoke.post('/v1/messages', askMessages(false));
      assert.deepEqual(Buffer.from(await messages.arrayBuffer()), body);
      const own = { ...askMessages(false), anthropic_version: 'bedrock-2023-05-31' };
      const again = await invoke.post('/model/any/invoke', own);
      assert.deepEqual(Buffer.from(await again.arrayBuffer()), body);
      const other = await invoke.post('/v1/chat/completions', askChat(false));
      const answer = (await other.json()) as { usage: { completion_tokens: number } };
      const said = JSON.parse(body.toString()) as { usage: { output_tokens: number } };
      assert.equal(answer.usage.completion_tokens, said.usage.output_tokens);
    });
  }

  for (const recording of recordings('invoke-stream').filter(isClaude)) {
    test(`G45: ${recording.file} to callers of Messages, InvokeModel and Chat`, async () => {
      const { body } = recording;
      replay(recording);
      const sse = Buffer.from(new ChunksToSse().push(body)).toString();
      const messages = await invoke.post('/v1/messages', askMessages(true));
      assert.equal(await messages.text(), sse);
      const own = { ...askMessages(true), anthropic_version: 'bedrock-2023-05-31' };
      const again = await invoke.post('/model/any/invoke-with-response-stream', own);
      const frames = new Uint8Array(await again.arrayBuffer());
      assert.equal(Buffer.from(new ChunksToSse().push(frames)).toString(), sse);
      const other = await invoke.post('/v1/chat/completions', askChat(true));
      assert.match(await other.text(), /data: \[DONE\]\n\n$/);
      const last = /event: message_delta\ndata: (.*)/.exec(sse)![1]!;
      const { usage } = JSON.parse(last) as { usage: { output_tokens: number } };
      for (const { outcome, outputTokens } of (await invoke.records()).slice(-3)) {
        assert.deepEqual([outcome, outputTokens], ['ok', usage.output_tokens]);
      }
    });
  }
});

test('a recorded refusal of InvokeModel', { skip }, async () => {
  const refused = recordings('invoke').find(({ status }) => status === 400)!;
  upstream.script = (_, response) => response.writeHead(400, refused.headers).end(refused.body);
  const answer = await invoke.post('/v1/messages', askMessages(false));
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /model identifier is invalid/);
});

const ofMantle = ({ provider }: Recording): boolean => provider === 'bedrock-mantle';

describe('Mantle', { skip }, () => {
  for (const recording of recordings('responses').filter(ofMantle)) {
    test(`G33: ${recording.file} to callers of Responses and Messages`, async () => {
      const { body, streaming } = recording;
      replay(recording);
      const ask = { model: 'any', input: 'hi', stream: streaming };
      const answer = await responses.post('/v1/responses', ask);
      assert.equal(answer.status, 200);
      if (!streaming) assert.deepEqual(Buffer.from(await answer.arrayBuffer()), body);
      else assert.equal(await answer.text(), body.toString());
      const other = await responses.post('/v1/messages', askMessages(streaming));
      const text = await other.text();
      assert.equal(other.status, 200);
      assert.match(
        text,
        streaming ? /event: message_stop\n/ : /"stop_reason":"(end_turn|tool_use)"/,
      );
      for (const record of await responses.records()) assert.equal(record.outcome, 'ok');
    });
  }

  for (const recording of recordings('chat.completions').filter(ofMantle)) {
    test(`${recording.file} to callers of Chat, and its reasoning to those of Messages`, async () => {
      replay(recording);
      const answer = await chat.post('/v1/chat/completions', askChat(false));
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), recording.body);
      const other = await chat.post('/v1/messages', askMessages(false));
      const { content } = (await other.json()) as { content: readonly { type: string }[] };
      assert.deepEqual(
        content.map(block => block.type),
        ['thinking', 'text'],
      );
    });
  }
});
