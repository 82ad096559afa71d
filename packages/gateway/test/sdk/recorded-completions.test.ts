// Proves that recorded legacy completions of real services come out of the gateway as they were:
// byte for byte, read by the official SDK, with their usage in the ledger, and errors with their
// class. How: a server on loopback answers with the recorded bytes, streams cut at random.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI, { APIError } from 'openai';
import { inPieces, seeded } from '../../../dialects/test/shared/seeded.ts';
import { recordingsMissing, type Source, sources } from '../recorded/exchange.ts';
import { FakeUpstream, key, Rig } from '../rig.ts';

const skip = recordingsMissing;
const completions = sources().filter(({ endpoint }) => /^completions?$/.test(endpoint));
const asked = { model: 'any', prompt: 'once upon a time' };

async function behind(t: TestContext, { status, stream, body }: Source): Promise<Rig> {
  const fake = new FakeUpstream(({ path }, response) => {
    assert.equal(path, '/v1/completions');
    const type = stream ? 'text/event-stream' : 'application/json';
    response.writeHead(status, { 'content-type': type });
    for (const piece of inPieces(seeded(1), body, 8)) response.write(piece);
    response.end();
  });
  await fake.listen();
  t.after(() => fake.close());
  const offer = { dialects: ['openai-completions'] };
  const deployment = { id: 'r', service: 'openai-api', endpoint: fake.url, offer } as const;
  const rig = await Rig.start({ deployments: [deployment], engine: { attempts: { max: 1 } } });
  t.after(() => rig.close());
  return rig;
}

interface Completion {
  readonly choices: readonly { readonly index: number; readonly text: string }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

/** The chunks of a recorded stream, or the one body. */
function recorded({ stream, body }: Source): readonly Completion[] {
  if (!stream) return [JSON.parse(String(body)) as Completion];
  const data = [...String(body).matchAll(/^data: (\{.*)$/gm)].map(([, json]) => json!);
  return data.map(json => JSON.parse(json) as Completion);
}

function textOf(parts: readonly Completion[]): string {
  return parts.flatMap(({ choices }) => choices.map(({ text }) => text)).join('');
}

async function bySdk(rig: Rig, stream: boolean): Promise<string> {
  const client = new OpenAI({ apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 });
  if (!stream) return textOf([await client.completions.create(asked)]);
  const parts: Completion[] = [];
  for await (const part of await client.completions.create({ ...asked, stream })) parts.push(part);
  return textOf(parts);
}

describe('answers', { skip }, () => {
  for (const source of completions.filter(({ status }) => status === 200)) {
    test(source.file, async t => {
      const rig = await behind(t, source);
      const { stream } = source;
      const usage = recorded(source).findLast(part => part.usage)?.usage ?? null;
      const wish = stream && usage !== null ? { stream_options: { include_usage: true } } : {};
      const response = await rig.post('/v1/completions', { ...asked, stream, ...wish });
      assert.equal(response.status, 200);
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(source.body), 'byte for byte');
      assert.equal(await bySdk(rig, stream), textOf(recorded(source)));
      for (const record of await rig.records()) {
        assert.equal(record.outcome, 'ok');
        assert.equal(record.dialect, 'openai-completions');
        if (usage === null) continue;
        assert.equal(record.inputTokens, usage.prompt_tokens);
        assert.equal(record.outputTokens, usage.completion_tokens);
        assert.ok(record.chargeNanoUsd! > 0);
      }
    });
  }
});

describe('errors', { skip }, () => {
  for (const source of completions.filter(({ status }) => status !== 200)) {
    test(source.file, async t => {
      const rig = await behind(t, source);
      const { error } = JSON.parse(String(source.body)) as { error: { message: string } };
      await assert.rejects(bySdk(rig, false), (cause: unknown) => {
        assert.ok(cause instanceof APIError);
        assert.equal(cause.status, source.status);
        assert.ok(cause.message.includes(error.message));
        return true;
      });
      const [record] = await rig.records();
      assert.equal(record!.outcome, 'failed');
    });
  }

  test('all there are were replayed', () => assert.equal(completions.length, 10));
});
