// Proves where calls go and what they carry: path, host and credential of every cloud, and that
// nothing of a target can move the call elsewhere. Tables over the adapters themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anthropic } from '../../src/clouds/anthropic/cloud.ts';
import { azureOpenai } from '../../src/clouds/azure-openai/cloud.ts';
import { bedrock } from '../../src/clouds/bedrock/cloud.ts';
import type { Call, Cloud } from '../../src/clouds/cloud.ts';
import { geminiApi } from '../../src/clouds/gemini-api/cloud.ts';
import { openai } from '../../src/clouds/openai/cloud.ts';
import { callableServices, cloudOf, cloudOfService } from '../../src/clouds/registry.ts';
import { modelNameProblem } from '../../src/clouds/url-parts.ts';
import type { Target } from '../../src/config/target.ts';
import { apiKey, bearer, canary, exampleKeys, makeCall, makeTarget, pairs } from './targets.ts';

const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
const azure = { endpoint: 'https://contoso.openai.azure.com/', modelName: 'my-gpt' };
const aws = { region: 'us-east-1', credential: exampleKeys };

function inRegion(region: string): Partial<Target> {
  const { deployment } = makeTarget();
  return { deployment: { ...deployment, offer: { ...deployment.offer, region } } };
}

const addresses: readonly [string, Cloud, Partial<Target>, boolean, string][] = [
  ['OpenAI', openai, {}, false, 'https://api.openai.com/v1/chat/completions'],
  [
    'an endpoint of its own',
    openai,
    { endpoint: 'http://127.0.0.1:8080' },
    true,
    'http://127.0.0.1:8080/v1/chat/completions',
  ],
  [
    'OpenAI where the offer has residency',
    openai,
    inRegion('eu'),
    false,
    'https://eu.api.openai.com/v1/chat/completions',
  ],
  ['Anthropic', anthropic, {}, true, 'https://api.anthropic.com/v1/messages'],
  [
    'Azure by default',
    azureOpenai,
    azure,
    false,
    'https://contoso.openai.azure.com/openai/v1/chat/completions',
  ],
  [
    'Azure v1',
    azureOpenai,
    { ...azure, apiVersion: 'v1' },
    false,
    'https://contoso.openai.azure.com/openai/v1/chat/completions',
  ],
  [
    'Azure preview',
    azureOpenai,
    { ...azure, apiVersion: 'preview' },
    true,
    'https://contoso.openai.azure.com/openai/v1/chat/completions?api-version=preview',
  ],
  [
    'Azure dated',
    azureOpenai,
    { ...azure, apiVersion: '2024-10-21' },
    true,
    'https://contoso.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
  ],
  [
    'Azure dated preview',
    azureOpenai,
    { ...azure, apiVersion: '2025-04-01-preview' },
    false,
    'https://contoso.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2025-04-01-preview',
  ],
  [
    'Bedrock',
    bedrock,
    { ...aws, modelName: 'amazon.nova-lite-v1:0' },
    false,
    'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse',
  ],
  [
    'Bedrock streamed',
    bedrock,
    { ...aws, modelName: 'amazon.nova-lite-v1:0' },
    true,
    'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse-stream',
  ],
  [
    'an ARN, as one segment',
    bedrock,
    { ...aws, modelName: arn },
    false,
    `https://bedrock-runtime.us-east-1.amazonaws.com/model/${encodeURIComponent(arn)}/converse`,
  ],
  [
    'Gemini',
    geminiApi,
    { modelName: 'gemini-2.5-flash' },
    false,
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
  ],
  [
    'Gemini streamed',
    geminiApi,
    { modelName: 'gemini-2.5-flash', endpoint: 'http://127.0.0.1:8080' },
    true,
    'http://127.0.0.1:8080/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  ],
];

for (const [name, cloud, fields, stream, expected] of addresses) {
  test(`a call goes to its address: ${name}`, () => {
    const target = makeTarget(fields);
    const { origin, path } = cloud.address(target, cloud.dialects[0]!, stream);
    assert.equal(origin + path, expected);
    assert.equal(cloud.address(target, cloud.dialects[0]!, stream).path, path, 'made once');
  });
}

const responses: readonly [string, Cloud, Partial<Target>, string][] = [
  ['OpenAI', openai, {}, '/v1/responses'],
  ['Azure v1', azureOpenai, { ...azure, apiVersion: 'v1' }, '/openai/v1/responses'],
  [
    'Azure preview',
    azureOpenai,
    { ...azure, apiVersion: 'preview' },
    '/openai/v1/responses?api-version=preview',
  ],
  [
    'Azure dated, with the deployment in the body',
    azureOpenai,
    { ...azure, apiVersion: '2025-04-01-preview' },
    '/openai/responses?api-version=2025-04-01-preview',
  ],
];

for (const [name, cloud, fields, expected] of responses) {
  test(`Responses have an address of their own: ${name}`, () => {
    assert.ok(cloud.dialects.includes('openai-responses'));
    assert.equal(cloud.address(makeTarget(fields), 'openai-responses', true).path, expected);
  });
}

const credentials: readonly [string, Cloud, Partial<Target>, string[]][] = [
  ['OpenAI with a key', openai, { credential: apiKey }, [`authorization: Bearer ${canary}`]],
  ['OpenAI with a token', openai, { credential: bearer }, [`authorization: Bearer ${canary}`]],
  ['Azure with a key', azureOpenai, { credential: apiKey }, [`api-key: ${canary}`]],
  [
    'Azure with an Entra token',
    azureOpenai,
    { credential: bearer },
    [`authorization: Bearer ${canary}`],
  ],
  [
    'Anthropic with a key',
    anthropic,
    { credential: apiKey },
    ['anthropic-version: 2023-06-01', `x-api-key: ${canary}`],
  ],
  [
    'Anthropic with a token',
    anthropic,
    { credential: bearer },
    ['anthropic-version: 2023-06-01', `authorization: Bearer ${canary}`],
  ],
  ['Gemini with a key', geminiApi, { credential: apiKey }, [`x-goog-api-key: ${canary}`]],
  ['Gemini with a token', geminiApi, { credential: bearer }, [`authorization: Bearer ${canary}`]],
  ['Bedrock with an API key', bedrock, { credential: apiKey }, [`authorization: Bearer ${canary}`]],
];

for (const [name, cloud, fields, expected] of credentials) {
  test(`a call carries its credential, at once: ${name}`, () => {
    const call = makeCall();
    const authorized = cloud.authorize(call, makeTarget(fields), 0) as Call;
    assert.deepEqual(pairs(authorized), ['content-type: application/json', ...expected]);
    assert.equal(call.headers.length, 2, 'the call that was given is not changed');
  });
}

test("the caller's anthropic-beta stays beside the credential", () => {
  const call = makeCall({ headers: ['anthropic-beta', 'a-1,b-2'] });
  const authorized = anthropic.authorize(call, makeTarget(), 0) as Call;
  assert.ok(pairs(authorized).includes('anthropic-beta: a-1,b-2'));
});

const unsafe: readonly [string, Cloud, Partial<Target>, RegExp][] = [
  [
    'a fragment in the endpoint',
    openai,
    { endpoint: 'https://evil.example#.azure.com' },
    /endpoint/,
  ],
  [
    'a user in the endpoint',
    openai,
    { endpoint: 'https://api.openai.com@evil.example' },
    /endpoint/,
  ],
  ['a path in the endpoint', openai, { endpoint: 'https://evil.example/x' }, /endpoint/],
  ['a query in the endpoint', openai, { endpoint: 'https://evil.example?x' }, /endpoint/],
  ['a backslash in the endpoint', openai, { endpoint: 'https://evil.example\\x' }, /endpoint/],
  ['a line break in the endpoint', openai, { endpoint: 'https://evil.exam\nple' }, /endpoint/],
  ['a scheme of another kind', openai, { endpoint: 'file:///etc/passwd' }, /endpoint/],
  ['a port beyond all ports', openai, { endpoint: 'https://a.example:99999' }, /endpoint/],
  ['a region with a host in it', bedrock, { ...aws, region: 'x.evil.example/' }, /region/],
  ['a region with a fragment', bedrock, { ...aws, region: 'us-east-1#' }, /region/],
  ['no region', bedrock, { credential: exampleKeys }, /region/],
  ['a way up in the model', bedrock, { ...aws, modelName: '../../admin' }, /modelName/],
  ['a way up inside an ARN', bedrock, { ...aws, modelName: 'arn:aws:x/../y' }, /modelName/],
  ['a line break in the model', openai, { modelName: 'a\r\nx-evil: 1' }, /modelName/],
  ['a query in the model', azureOpenai, { ...azure, modelName: 'a?b' }, /modelName/],
  ['a slash in an Azure deployment', azureOpenai, { ...azure, modelName: 'a/b' }, /modelName/],
  ['no Azure endpoint', azureOpenai, {}, /endpoint/],
  ['another query in the version', azureOpenai, { ...azure, apiVersion: 'v1&x=1' }, /apiVersion/],
  ['OpenAI in a region without a known host', openai, inRegion('mars'), /endpoint/],
  ['a method in a Gemini model', geminiApi, { modelName: 'a:countTokens' }, /modelName/],
  ['a folder in a Gemini model', geminiApi, { modelName: 'models/a' }, /modelName/],
  ['AWS keys for Gemini', geminiApi, { credential: exampleKeys }, /credential/],
  ['AWS keys for OpenAI', openai, { credential: exampleKeys }, /credential/],
];

for (const [name, cloud, fields, field] of unsafe) {
  test(`a target that cannot be called safely is refused: ${name}`, () => {
    const target = makeTarget(fields);
    assert.match(
      cloud
        .problems(target)
        .map(p => p.field)
        .join(),
      field,
    );
    assert.throws(() => cloud.address(target, cloud.dialects[0]!, false), field);
  });
}

test('whatever name is let through stays one segment of the path', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), modelName => {
      fc.pre(modelNameProblem(modelName) === null);
      const target = makeTarget({ ...aws, modelName });
      const { origin, path } = bedrock.address(target, 'bedrock-converse', false);
      const url = new URL(origin + path);
      assert.equal(url.origin, origin);
      assert.equal(url.pathname, path);
      assert.deepEqual(path.split('/').length, 4);
    }),
  );
});

test('every service of the registry leads to a cloud that its name finds again', () => {
  for (const service of callableServices) {
    const cloud = cloudOfService(service);
    assert.equal(cloudOf(cloud!.name), cloud);
  }
  assert.ok(callableServices.includes('vertex-ai'));
  assert.equal(cloudOfService('azure-foundry'), null);
  assert.throws(() => cloudOf('nowhere'), /nowhere/);
});

test('no error and no inspection of a target shows its secret', () => {
  const target = makeTarget({ endpoint: 'https://x.example/#', credential: exampleKeys });
  const shown = [JSON.stringify(target), String(target.credential)];
  try {
    openai.address(target, 'openai-chat', false);
  } catch (cause) {
    shown.push(String((cause as Error).stack));
  }
  assert.equal(shown.length, 3);
  assert.doesNotMatch(shown.join(), /canary|wJalr/);
});
