// Proves that recorded traffic of Vertex AI goes through the gateway: answers and streams byte for
// byte to callers of Gemini and decoded for callers of Chat Completions, usage as it was recorded,
// refusals with their status. How: a scripted Vertex AI on loopback that plays each recording.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { recordings, recordingsMissing } from '../../../dialects/test/shared/recordings.ts';
import { FakeUpstream, Rig } from '../rig.ts';

const ofVertex = ['generateContent', 'streamGenerateContent']
  .flatMap(recordings)
  .filter(({ provider }) => provider === 'vertex');

const upstream = new FakeUpstream((_, response) => response.end());
let rig: Rig;

before(async () => {
  await upstream.listen();
  const deployments = [{ id: 'vertex', service: 'vertex-ai', endpoint: upstream.url }] as const;
  rig = await Rig.start({ deployments, losses: 'drop' });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

test('there are recordings of Vertex AI', { skip: recordingsMissing }, () => {
  assert.equal(ofVertex.length, 19);
});

describe('a recording of Vertex AI', { skip: recordingsMissing }, () => {
  for (const { file, endpoint, status, requestBody, headers, body } of ofVertex) {
    test(`${file}: byte for byte, with its usage`, async () => {
      const type = headers['content-type'] ?? 'application/json';
      upstream.script = (_, response) => {
        response.writeHead(status, { 'content-type': type }).end(body);
      };
      const place = '/v1/projects/p/locations/us-central1/publishers/google/models/any';
      const answer = await rig.post(`${place}:${endpoint}?alt=sse`, requestBody);
      const text = await answer.text();
      assert.equal(answer.status, status, text);
      assert.equal(upstream.received.at(-1)!.body, requestBody);
      const id = answer.headers.get('x-request-id');
      const record = (await rig.records()).find(({ requestId }) => requestId === id)!;
      if (status !== 200) {
        const { message } = (JSON.parse(String(body)) as { error: { message: string } }).error;
        assert.ok(text.includes(JSON.stringify(message).slice(1, -1)));
        return;
      }
      assert.equal(text, String(body));
      const counts = [...text.matchAll(/"promptTokenCount":\s*(\d+)/g)];
      if (counts.length > 0) assert.equal(record.inputTokens, Number(counts.at(-1)![1]));
    });

    if (status !== 200) continue;
    test(`${file}: for a caller of Chat Completions`, async () => {
      const stream = endpoint === 'streamGenerateContent';
      const ask = { model: 'any', stream, messages: [{ role: 'user', content: 'Hello' }] };
      const answer = await rig.post('/v1/chat/completions', ask);
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      if (stream) assert.match(text, /data: \[DONE\]\n\n$/);
      else assert.equal((JSON.parse(text) as { choices: [] }).choices.length, 1);
    });
  }
});
