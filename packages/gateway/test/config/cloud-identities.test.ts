// Proves how a configuration names identities of Google and Entra ID: what each form becomes, and
// the one message, with its place, for each slip.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseConfig } from '../../src/config/parse-config.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import type { Target } from '../../src/config/target.ts';
import { market } from './market.ts';
import { env, good, messagesOf, type Slip, testSlips } from './slip.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrepot-identities-'));
after(() => rmSync(folder, { recursive: true }));

const key = join(folder, 'key.json');
writeFileSync(key, JSON.stringify({ type: 'service_account', private_key: 'canary' }));
const other = join(folder, 'other.json');
writeFileSync(other, JSON.stringify({ type: 'canary' }));
const broken = join(folder, 'broken.json');
writeFileSync(broken, '{"type": "canary');

const gpt = / {4}offer: openai.*\n.*\n/;
const vertex = (more: string): string =>
  `    offer: vertex-ai/global/google/gemini-2.5-flash\n${more}\n`;
const azure = (credential: string): string =>
  `    offer: azure-openai/us/openai/gpt-5.4\n    endpoint: https://c.openai.azure.com\n    credential: ${credential}\n`;

function targetOf(text: string): Target {
  return resolveConfig(parseConfig(good.replace(gpt, text), 'e.yaml'), market, env).config
    .targets[0]!;
}

test('Google: the default credentials, at the location where the offer is sold', () => {
  const target = targetOf(vertex('    project: p-1\n    credential: { google: adc }'));
  assert.deepEqual(target.credential, { type: 'google-adc', keyFile: null });
  assert.deepEqual([target.cloud, target.project, target.region], ['vertex-ai', 'p-1', null]);
});

test('Google: a key file, in a region of the operator', () => {
  const more = `    project: p-1\n    region: europe-west1\n    credential: { google: { keyFile: ${key} } }`;
  const target = targetOf(vertex(more));
  assert.deepEqual(target.credential, { type: 'google-adc', keyFile: key });
  assert.equal(target.region, 'europe-west1');
});

test('Entra ID: the chain, and a client secret that does not show', () => {
  const chain = targetOf(azure('{ entra: chain }')).credential;
  const scope = 'https://cognitiveservices.azure.com/.default';
  const none = { tenantId: null, clientId: null, clientSecret: null };
  assert.deepEqual(chain, { type: 'azure-entra', ...none, scope });
  const app = '{ entra: { tenantId: t-1, clientId: c-1, clientSecret: env:VENDOR } }';
  const { credential } = targetOf(azure(app));
  assert.ok(credential.type === 'azure-entra');
  assert.equal(credential.clientSecret?.reveal(), env.VENDOR);
  assert.doesNotMatch(JSON.stringify(credential), /canary/);
});

const named = (file: string): string =>
  vertex(`    project: p-1\n    credential: { google: { keyFile: ${file} } }`);
const slips: readonly Slip[] = [
  [
    'Vertex AI without a project',
    gpt,
    vertex('    credential: { google: adc }'),
    '5:5: deployments[0].project: is needed: the id of the Google Cloud project',
  ],
  [
    'a project where there is none',
    '    credential: { apiKey',
    '    project: p-1\n    credential: { apiKey',
    '7:14: deployments[0].project: means nothing to openai; leave it out',
  ],
  [
    'a word that is no form of Google credentials',
    gpt,
    vertex('    project: p-1\n    credential: { google: chain }'),
    '8:27: deployments[0].credential.google: must be adc, for Application Default Credentials, or {keyFile}',
  ],
  [
    'a key file that is not there',
    gpt,
    named(join(folder, 'none.json')),
    `8:38: deployments[0].credential.google.keyFile: file ${join(folder, 'none.json')} cannot be read (ENOENT)`,
  ],
  [
    'a key file that is no key file',
    gpt,
    named(broken),
    `8:38: deployments[0].credential.google.keyFile: file ${broken} is not JSON with a "type", as Google's key files are`,
  ],
  [
    'a key file of an unknown type',
    gpt,
    named(other),
    `8:38: deployments[0].credential.google.keyFile: file ${other} is of a type that is not known; known: service_account, authorized_user, external_account, external_account_authorized_user, impersonated_service_account, gdch_service_account`,
  ],
  [
    'Google credentials for Bedrock',
    'aws: chain',
    'google: adc',
    '10:17: deployments[1].credential: must be apiKey, bearer or aws for bedrock, not google',
  ],
  [
    'Entra credentials for Vertex AI',
    gpt,
    vertex('    project: p-1\n    credential: { entra: chain }'),
    '8:17: deployments[0].credential: must be apiKey, bearer or google for vertex-ai, not entra',
  ],
  [
    'a client secret without its tenant',
    gpt,
    azure('{ entra: { clientId: c-1, clientSecret: env:VENDOR } }'),
    '8:26: deployments[0].credential.entra: must have tenantId and clientId beside clientSecret',
  ],
  [
    'a scope that is no scope',
    gpt,
    azure('{ entra: { scope: http://evil.example } }'),
    '8:35: deployments[0].credential.entra.scope: must be such as https://cognitiveservices.azure.com/.default',
  ],
  [
    'a client secret that is not set',
    gpt,
    azure('{ entra: { tenantId: t-1, clientId: c-1, clientSecret: env:NONE } }'),
    '8:72: deployments[0].credential.entra.clientSecret: environment variable NONE is not set',
  ],
  [
    'a model that Vertex AI sells in another form',
    gpt,
    '    offer: vertex-ai/global/mistral/codestral-2\n    project: p-1\n    credential: { google: adc }\n',
    '5:5: deployments[0].modelName: must be vendor/model, such as meta/llama-3.3-70b-instruct-maas; models that are sold under their name alone are called by rawPredict in a form that this gateway does not speak',
  ],
];
testSlips(slips);

test('a client secret in the file itself is warned of, and not shown', () => {
  const text = azure('{ entra: { tenantId: t-1, clientId: c-1, clientSecret: canary-x } }');
  assert.deepEqual(messagesOf(good.replace(gpt, text)), []);
});
