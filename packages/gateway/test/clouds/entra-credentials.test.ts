// Proves where tokens of Entra ID come from: the official library itself against the simulated
// Entra ID on loopback, for a client secret, a workload identity and a managed identity; that each
// is for the scope that was asked for; and what is said when none can be had.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  EntraIdentity,
  type EntraIdentityOptions,
} from '@entrepot/simcloud/identity/entra-identity';
import { isMinted } from '@entrepot/simcloud/identity/minted-token';
import { selfSigned } from '@entrepot/simcloud/identity/self-signed';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import type { AccessToken } from '../../src/clouds/access-token.ts';
import { createAzureOpenai } from '../../src/clouds/azure-openai/cloud.ts';
import { type EntraCredential, entraTokens } from '../../src/clouds/azure-openai/entra-token.ts';
import { Secret } from '../../src/config/target.ts';
import { Rig } from '../rig.ts';
import { inEnvironment } from './environment.ts';
import { canary, makeCall, makeTarget } from './targets.ts';

const variables = /^(AZURE|IDENTITY|MSI|IMDS|HTTPS?_PROXY|https?_proxy)/;
const tenantId = '11111111-1111-1111-1111-111111111111';
const clientId = '22222222-2222-2222-2222-222222222222';
const audience = 'https://cognitiveservices.azure.com';
const chain: EntraCredential = {
  type: 'azure-entra',
  tenantId: null,
  clientId: null,
  clientSecret: null,
  scope: `${audience}/.default`,
};
const app: EntraCredential = { ...chain, tenantId, clientId, clientSecret: new Secret(canary) };

async function startEntra(
  t: TestContext,
  options: Partial<EntraIdentityOptions>,
): Promise<EntraIdentity> {
  const identity = new EntraIdentity({ tenantId, clientId, ...options });
  await identity.server.listen();
  t.after(() => identity.server.close());
  return identity;
}

/** By a certificate that this process alone trusts: the library calls nothing without TLS. */
async function startAuthority(
  t: TestContext,
  options: Partial<EntraIdentityOptions>,
): Promise<EntraIdentity> {
  const tls = selfSigned(['localhost'], Date.now());
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, tls.cert]);
  t.after(() => setDefaultCACertificates(trusted));
  return startEntra(t, { ...options, tls });
}

function isGood({ headers, expiration }: AccessToken, forAudience = audience): boolean {
  const lifeMs = expiration.getTime() - Date.now();
  assert.ok(lifeMs > 4_000_000 && lifeMs <= 4_201_000);
  assert.equal(headers[0], 'authorization');
  return isMinted(headers[1]!.replace('Bearer ', ''), 'entra', forAudience, Date.now());
}

test("an app's client secret, for the scope that is asked for", async t => {
  const { server } = await startAuthority(t, { clientSecret: canary });
  await inEnvironment(variables, { AZURE_AUTHORITY_HOST: server.url }, async () => {
    assert.ok(isGood(await entraTokens(app)));
    const other = 'https://cognitiveservices.azure.us';
    assert.ok(isGood(await entraTokens({ ...app, scope: `${other}/.default` }), other));
    const wrong = { ...app, clientSecret: new Secret('wrong-secret') };
    await assert.rejects(entraTokens(wrong), (error: Error) => {
      assert.match(error.message, /does not take the client secret \(AADSTS7000215/);
      assert.doesNotMatch(error.message, /wrong-secret|canary/);
      return true;
    });
  });
});

test('the environment says a client secret', async t => {
  const { server } = await startAuthority(t, { clientSecret: canary });
  const said = {
    AZURE_AUTHORITY_HOST: server.url,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: canary,
  };
  await inEnvironment(variables, said, async () => {
    assert.ok(isGood(await entraTokens(chain)));
  });
});

test('workload identity, as Kubernetes mounts it', async t => {
  const { server } = await startAuthority(t, { assertion: 'a-service-account-token' });
  await inEnvironment(variables, { AZURE_AUTHORITY_HOST: server.url }, async home => {
    const file = join(home, 'token');
    writeFileSync(file, 'a-service-account-token');
    Object.assign(process.env, {
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential',
    });
    assert.ok(isGood(await entraTokens(chain)));
  });
});

// One test: the library keeps the first endpoint and its tokens for the whole process.
test('a managed identity, also of a gateway that reaches Azure OpenAI with one token', async t => {
  const identity = await startEntra(t, { identityHeader: 'a-header' });
  const simcloud = await startSimcloud({ latency: 'zero' });
  t.after(() => simcloud.close());
  const said = {
    IDENTITY_ENDPOINT: `${identity.server.url}/msi/token`,
    IDENTITY_HEADER: 'a-header',
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
  };
  await inEnvironment(variables, said, async () => {
    const other = 'https://cognitiveservices.azure.us';
    assert.ok(isGood(await entraTokens({ ...chain, scope: `${other}/.default` }), other));
    assert.match(identity.server.calls[0]!.target, /resource=https%3A%2F%2Fcognitiveservices/);
    const endpoint = simcloud.urls.azureOpenai;
    const azure = { id: 'azure', service: 'azure-openai', endpoint, credential: chain } as const;
    const rig = await Rig.start({ deployments: [azure] });
    t.after(() => rig.close());
    const ask = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] };
    const all = await Promise.all(
      Array.from({ length: 10 }, () => rig.post('/v1/chat/completions', ask)),
    );
    for (const answer of all) assert.equal(answer.status, 200, await answer.text());
  });
  assert.equal(identity.made, 2, 'one for each scope');
});

test('where there is nothing, the error says what to do', async () => {
  await inEnvironment(variables, { AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' }, async () => {
    const azure = createAzureOpenai(entraTokens);
    await assert.rejects(async () => azure.authorize(makeCall(), target(chain), Date.now()), {
      name: 'CredentialError',
      message: /^no Entra ID credentials: nothing was found.*AZURE_CLIENT_ID.*az login/,
    });
  });
});

function target(credential: EntraCredential) {
  return makeTarget({ cloud: 'azure-openai', endpoint: 'https://c.openai.azure.com', credential });
}

test('targets of one identity share their token; another secret or scope has its own', async () => {
  let made = 0;
  const azure = createAzureOpenai(async () => {
    const token = `Bearer ${++made}`;
    return { headers: ['authorization', token], expiration: new Date(4_200_000) };
  });
  const changed = { ...app, clientSecret: new Secret('a-new-one') };
  const credentials = [
    chain,
    chain,
    app,
    changed,
    { ...chain, scope: 'https://x.example/.default' },
  ];
  const calls = await Promise.all(
    credentials.map(async one => azure.authorize(makeCall(), target(one), 0)),
  );
  const tokens = calls.map(call => call.headers.at(-1));
  assert.deepEqual(tokens, ['Bearer 1', 'Bearer 1', 'Bearer 2', 'Bearer 3', 'Bearer 4']);
});
