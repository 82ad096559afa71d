// Proves that an error which an upstream sends with status 200, as Azure's content filter does, is
// to a caller of another dialect the error that it is, and in the ledger too.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FakeUpstream, Rig } from '../rig.ts';

let said: object = {};
const upstream = new FakeUpstream((_received, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
});
let rig: Rig;

before(async () => {
  await upstream.listen();
  rig = await Rig.start({
    deployments: [{ id: 'a', service: 'azure-openai', endpoint: upstream.url }],
  });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

const messages = [{ role: 'user', content: 'hello' }];

async function ask(error: object): Promise<[number, unknown, string | null]> {
  said = { error };
  const response = await rig.post('/v1/messages', { model: 'any', max_tokens: 9, messages });
  const body = (await response.json()) as { error: { type: string; message: string } };
  const record = (await rig.records()).at(-1)!;
  assert.equal(record.outcome, 'failed');
  assert.equal(record.status, response.status);
  return [response.status, body.error, record.attempts[0]!.failure];
}

test('a filtered prompt is the request that was refused', async () => {
  const error = { code: 'content_filter', message: 'It was filtered.', param: 'prompt' };
  const told = { type: 'invalid_request_error', message: 'It was filtered.' };
  assert.deepEqual(await ask(error), [400, told, 'content-filter']);
});

test("our own credential's failure is not shown as the caller's", async () => {
  const [status, told, failure] = await ask({ code: 'invalid_api_key', message: 'sk-1 is wrong' });
  assert.notEqual(status, 401);
  assert.doesNotMatch(JSON.stringify(told), /sk-1/);
  assert.equal(failure, 'auth');
});

test('what is no answer and no error is of no protocol', async () => {
  said = { pong: true };
  const response = await rig.post('/v1/messages', { model: 'any', max_tokens: 9, messages });
  assert.equal(response.status, 500);
  assert.equal((await rig.records()).at(-1)!.attempts[0]!.failure, 'protocol');
});
