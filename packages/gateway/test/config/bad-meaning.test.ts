// Proves that a file of the right shape that means nothing is told with line, column and field:
// secrets that are not there, offers that cannot be called, names of nothing. One slip each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, messagesOf, testSlips } from './slip.ts';

test('the file that the slips begin with is good', () => assert.deepEqual(messagesOf(good), []));

testSlips([
  [
    'a missing variable',
    'env:CALLER',
    'env:NOWHERE',
    '3:10: keys[0].key: environment variable NOWHERE is not set',
  ],
  [
    'an empty variable',
    'env:VENDOR',
    'env:EMPTY',
    '7:27: deployments[0].credential.apiKey: environment variable EMPTY is empty',
  ],
  [
    'a secret with a line break',
    'env:VENDOR',
    'env:BROKEN',
    '7:27: deployments[0].credential.apiKey: environment variable BROKEN must be printable ASCII without spaces or line breaks',
  ],
  [
    'a secret in place of a name',
    'env:VENDOR',
    'env:sk-live-1',
    '7:27: deployments[0].credential.apiKey: must have the name of an environment variable after env:',
  ],
  [
    'a missing file',
    'env:VENDOR',
    'file:/nowhere/key',
    '7:27: deployments[0].credential.apiKey: file /nowhere/key cannot be read (ENOENT)',
  ],
  [
    'two keys of one name',
    'deployments:\n  - name: gpt-one',
    '  - { name: team, key: 0123456789abcdef }\ndeployments:\n  - name: gpt-one',
    '4:13: keys[1].name: the name team is taken; names must be unique',
  ],
  [
    'one key under two names',
    'deployments:\n  - name: gpt-one',
    '  - { name: b, key: env:CALLER }\ndeployments:\n  - name: gpt-one',
    '4:21: keys[1].key: is the same key as that of team',
  ],
  [
    'no keys',
    /keys:[\s\S]*?(?=deployments:)/,
    '',
    '1:1: keys: must have at least one key (or say auth: none at the top level)',
  ],
  [
    'keys beside auth: none',
    /^/,
    'auth: none\n',
    '1:7: auth: is none, but there are keys; remove one of them',
  ],
  [
    'AWS credentials for OpenAI',
    'apiKey: env:VENDOR',
    'aws: chain',
    '7:17: deployments[0].credential: must be apiKey or bearer for openai, not aws',
  ],
  [
    'an offer that is not there',
    'openai/gpt-5.4',
    'openai/gpt-5.5',
    '6:12: deployments[0].offer: there is no offer openai-api/global/openai/gpt-5.5 on 2026-11-24; did you mean openai-api/global/openai/gpt-5.4, openai-api/global/openai/gpt-5.4-pro?',
  ],
  [
    'an offer like no other',
    'openai-api/global/openai/gpt-5.4',
    'x',
    '6:12: deployments[0].offer: there is no offer x on 2026-11-24; see entrepot catalog offers',
  ],
  [
    'an offer of a service that cannot be called',
    'openai-api/global/openai/gpt-5.4',
    'azure-foundry/global/openai/gpt-5.4',
    '6:12: deployments[0].offer: is sold by azure-foundry; this gateway can call openai-api, azure-openai, anthropic-api, bedrock, bedrock-mantle, gemini-api, vertex-ai',
  ],
  [
    'an offer in a dialect that is not spoken',
    'openai/gpt-5.4',
    'openai/realtime-voice-of-old',
    '6:12: deployments[0].offer: is sold in openai-realtime; this gateway speaks openai-chat, openai-responses, openai-embeddings, openai-completions to openai-api',
  ],
  [
    'an offer for batches',
    'bedrock/us-west-2/anthropic/claude-sonnet-5',
    "'bedrock/us/anthropic/claude-sonnet-5#batch'",
    '9:12: deployments[1].offer: bedrock/us/anthropic/claude-sonnet-5#batch is sold as batch, which cannot answer a request as it comes',
  ],
  [
    'no region where one is needed',
    'bedrock/us-west-2',
    'bedrock/us',
    '8:5: deployments[1].region: is needed: the AWS region, such as us-east-1',
  ],
  [
    'a region where the offer is not',
    '    credential: { aws: chain }',
    '    region: us-east-1\n    credential: { aws: chain }',
    '10:13: deployments[1].region: must be us-west-2, where bedrock/us-west-2/anthropic/claude-sonnet-5 is sold',
  ],
  [
    'a region that leads elsewhere',
    'bedrock/us-west-2/anthropic/claude-sonnet-5',
    'bedrock/us/anthropic/claude-sonnet-5\n    region: evil.example/#',
    '10:13: deployments[1].region: must be letters, digits and hyphens, such as us-east-1',
  ],
  [
    'no endpoint for Azure',
    'openai-api/global',
    'azure-openai/us',
    "5:5: deployments[0].endpoint: is needed: the resource's origin, such as https://NAME.openai.azure.com",
  ],
  [
    'an endpoint with a path',
    '    credential: { apiKey',
    '    endpoint: https://x.example/v1\n    credential: { apiKey',
    '7:15: deployments[0].endpoint: must be an origin such as https://api.example.com, without user, path, query or fragment',
  ],
  [
    'an endpoint without TLS',
    '    credential: { apiKey',
    '    endpoint: http://x.example\n    credential: { apiKey',
    '7:15: deployments[0].endpoint: must begin with https:// (http:// only to this machine, or with allowInsecure: true)',
  ],
  [
    'a model name that climbs',
    '    credential: { aws',
    '    modelName: a/../b\n    credential: { aws',
    '10:16: deployments[1].modelName: must not contain an empty, "." or ".." part between slashes',
  ],
  [
    'a model name with a line break',
    '    credential: { aws',
    '    modelName: "a\\r\\nb"\n    credential: { aws',
    '10:16: deployments[1].modelName: must be printable ASCII without spaces or line breaks',
  ],
  [
    'a version where there is none',
    '    credential: { apiKey',
    '    endpoint: https://x.example\n    apiVersion: latest\n    credential: { apiKey',
    '8:17: deployments[0].apiVersion: means nothing to openai; leave it out',
  ],
  [
    'a simulated cloud without its endpoint',
    '    credential: { apiKey',
    '    simulated: true\n    credential: { apiKey',
    '7:16: deployments[0].simulated: needs the endpoint of a simulated cloud',
  ],
  [
    'a deployment that is not there',
    '[claude-one]',
    '[claud-one]',
    '15:19: routes[1].deployments[0]: there is no deployment claud-one; did you mean claude-one?',
  ],
  [
    'a deployment twice',
    '[claude-one]',
    '[claude-one, claude-one]',
    '15:31: routes[1].deployments[1]: claude-one stands here twice',
  ],
  [
    'an alias that is taken',
    '    deployments: [claude-one]',
    '    aliases: [gpt]\n    deployments: [claude-one]',
    '15:15: routes[1].aliases[0]: the name gpt is taken; names must be unique',
  ],
  [
    'a price finer than can be counted',
    '    deployments: [claude-one]',
    '    constraints: { maxInputUsdPerMtok: 0.0000001 }\n    deployments: [claude-one]',
    '15:40: routes[1].constraints.maxInputUsdPerMtok: must be in whole millionths of a USD',
  ],
]);

test('all that is wrong is told at once, in the order of the lines', () => {
  const text = good
    .replace('name: team', 'nam: team')
    .replace('gpt-5.4', 'gpt-5.5')
    .replace('aws: chain', 'awz: chain')
    .replace('[gpt-one]', '[gpt-on]')
    .replace('name: claude\n', 'name: gpt\n');
  const lines = messagesOf(text).map(m => m.split(':')[1]);
  assert.deepEqual(lines, ['2', '2', '6', '10', '10', '13', '14']);
});

test('a second deployment of a name is told where it stands', () => {
  const messages = messagesOf(good.replace('name: claude-one', 'name: gpt-one'));
  assert.equal(
    messages[0],
    'e.yaml:8:11: deployments[1].name: the name gpt-one is taken; names must be unique',
  );
});

test('who refers to an entry that is wrong is not told a second time', () => {
  const messages = messagesOf(good.replace('aws: chain', 'awz: chain'));
  assert.equal(messages.filter(m => m.includes('routes')).length, 0);
});
