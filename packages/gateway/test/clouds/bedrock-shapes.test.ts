// Proves which shape of Bedrock an offer is called in, where, and under which name its calls are
// signed: addresses of every dialect for names, cross-region profiles and ARNs, and the signatures
// as the receiving side computes them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectName } from '@entrepot/dialects/dialect';
import { joinBytes } from '@entrepot/dialects/utf8';
import { verifySignature } from '@entrepot/simcloud/sigv4';
import { bedrock } from '../../src/clouds/bedrock/cloud.ts';
import { bedrockMantle } from '../../src/clouds/bedrock-mantle/cloud.ts';
import type { Cloud } from '../../src/clouds/cloud.ts';
import { spokenDialects } from '../../src/clouds/spoken-dialects.ts';
import type { Target } from '../../src/config/target.ts';
import { bearer, exampleKeys, makeCall, makeTarget, pairs } from './targets.ts';

const [runtime, mantle] = [
  'https://bedrock-runtime.eu-west-1.amazonaws.com',
  'https://bedrock-mantle.eu-west-1.api.aws',
];
const arn = 'arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123';
const arnInPath =
  'arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aapplication-inference-profile%2Fabc123';

function target(modelName: string, model = 'vendor/name', dialects: string[] = []): Target {
  const { deployment } = makeTarget();
  const offer = { ...deployment.offer, model, dialects };
  return makeTarget({
    modelName,
    region: 'eu-west-1',
    credential: exampleKeys,
    deployment: { ...deployment, offer },
  });
}

const spoken = (cloud: Cloud, model: string, dialects: string[]): readonly DialectName[] =>
  spokenDialects(cloud, target('x', model, dialects).deployment.offer, null);

describe('the dialects of an offer on Bedrock', () => {
  test('InvokeModel is Messages for Claude alone', () => {
    const both = ['bedrock-converse', 'bedrock-invoke'];
    const claude = spoken(bedrock, 'anthropic/claude-haiku-4-5', both);
    // Tokens are counted for Claude alone, too.
    assert.deepEqual(claude, ['bedrock-converse', 'anthropic-messages', 'bedrock-count-tokens']);
    assert.deepEqual(spoken(bedrock, 'amazon/nova-lite', both), ['bedrock-converse']);
    const vectors = ['cohere-embeddings'];
    assert.deepEqual(spoken(bedrock, 'cohere/embed-v4', ['bedrock-invoke']), vectors);
    const multimodal = 'amazon/nova-2-multimodal-embeddings';
    assert.deepEqual(spoken(bedrock, multimodal, ['bedrock-invoke']), []);
  });

  test('InvokeModel takes the own form of every other model', () => {
    const all = ['bedrock-converse', 'bedrock-native'];
    assert.deepEqual(spoken(bedrock, 'meta/llama-3.3-70b', ['bedrock-converse']), all);
  });

  test("openai's API where the catalog says so", () => {
    const dialects = ['bedrock-converse', 'openai-chat'];
    const all = [...dialects, 'bedrock-native'];
    assert.deepEqual(spoken(bedrock, 'openai/gpt-oss-120b', dialects), all);
    const responses = spoken(bedrockMantle, 'openai/gpt-5.6-luna', ['openai-responses']);
    assert.deepEqual(responses, ['openai-responses']);
  });
});

test('the runtime: ids, profiles across regions and ARNs are one segment of the path', () => {
  for (const [name, segment] of [
    ['us.anthropic.claude-haiku-4-5-v1:0', 'us.anthropic.claude-haiku-4-5-v1%3A0'],
    ['eu.anthropic.claude-sonnet-5', 'eu.anthropic.claude-sonnet-5'],
    ['apac.anthropic.claude-sonnet-4-v1:0', 'apac.anthropic.claude-sonnet-4-v1%3A0'],
    ['global.anthropic.claude-opus-5', 'global.anthropic.claude-opus-5'],
    [arn, arnInPath],
  ] as const) {
    const at = (dialect: DialectName, stream: boolean): string => {
      const { origin, path } = bedrock.address(target(name), dialect, stream);
      assert.equal(origin, runtime);
      return path;
    };
    assert.equal(at('bedrock-converse', false), `/model/${segment}/converse`);
    assert.equal(at('bedrock-converse', true), `/model/${segment}/converse-stream`);
    assert.equal(at('anthropic-messages', false), `/model/${segment}/invoke`);
    assert.equal(at('anthropic-messages', true), `/model/${segment}/invoke-with-response-stream`);
    for (const stream of [false, true]) {
      assert.equal(at('openai-chat', stream), '/openai/v1/chat/completions');
      assert.equal(at('openai-responses', stream), '/openai/v1/responses');
    }
  }
});

test("Mantle: openai's closed models and Claude have prefixes of their own", () => {
  for (const [model, dialect, path] of [
    ['openai/gpt-5.6-luna', 'openai-responses', '/openai/v1/responses'],
    ['openai/gpt-5.6-luna', 'openai-chat', '/openai/v1/chat/completions'],
    ['openai/gpt-oss-120b', 'openai-responses', '/v1/responses'],
    ['openai/gpt-oss-safeguard-20b', 'openai-chat', '/v1/chat/completions'],
    ['xai/grok-4.6', 'openai-chat', '/v1/chat/completions'],
    ['anthropic/claude-haiku-4-5', 'anthropic-messages', '/anthropic/v1/messages'],
  ] as const) {
    const address = bedrockMantle.address(target('x', model), dialect, true);
    assert.deepEqual(address, { origin: mantle, path });
  }
});

test('each service is signed for under its own name, an ARN encoded twice', async () => {
  const nowMs = Date.UTC(2026, 0, 2);
  const keys = [
    { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  ];
  for (const [cloud, service, other] of [
    [bedrock, 'bedrock', 'bedrock-mantle'],
    [bedrockMantle, 'bedrock-mantle', 'bedrock'],
  ] as const) {
    for (const dialect of cloud.dialects) {
      const address = cloud.address(target(arn), dialect, false);
      const call = await cloud.authorize(makeCall(address), target(arn), nowMs);
      const headers = pairs(call).map((pair): [string, string] => {
        const at = pair.indexOf(': ');
        return [pair.slice(0, at), pair.slice(at + 2)];
      });
      headers.push(['host', new URL(call.origin).host]);
      const request = {
        method: call.method,
        target: call.path,
        headers,
        body: joinBytes(call.body),
      };
      assert.equal(verifySignature(request, { service, keys, nowMs }), null, dialect);
      assert.notEqual(verifySignature(request, { service: other, keys, nowMs }), null);
    }
  }
});

test('a Bedrock API key is a bearer token everywhere, and Messages says its version', async () => {
  const withKey = { ...target('anthropic.claude-haiku-4-5'), credential: bearer };
  const address = bedrockMantle.address(withKey, 'anthropic-messages', false);
  const call = await bedrockMantle.authorize(makeCall(address), withKey, 0);
  assert.ok(pairs(call).includes('anthropic-version: 2023-06-01'));
  assert.ok(pairs(call).some(pair => pair.startsWith('authorization: Bearer ')));
});
