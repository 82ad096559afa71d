// Proves where tokens of Google come from: the official library itself against the identity
// services of the simulated Google on loopback, for each kind of credential; that a token is
// renewed once for all, and that what is said where none can be had helps.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { vertexAudience } from '@entrepot/simcloud/clouds/vertex-ai';
import {
  GoogleIdentity,
  type GoogleIdentityOptions,
} from '@entrepot/simcloud/identity/google-identity';
import { isMinted } from '@entrepot/simcloud/identity/minted-token';
import { selfSigned } from '@entrepot/simcloud/identity/self-signed';
import type { AccessToken } from '../../src/clouds/access-token.ts';
import { createVertexAi } from '../../src/clouds/vertex-ai/cloud.ts';
import { googleTokens } from '../../src/clouds/vertex-ai/google-token.ts';
import { inEnvironment } from './environment.ts';
import { makeCall, makeTarget } from './targets.ts';

const tokenHost = 'oauth2.googleapis.com';
const variables = /^(GOOGLE|GCE|GCLOUD|CLOUDSDK|METADATA|HTTPS?_PROXY|https?_proxy|NO_PROXY)/;
const noMetadata = { METADATA_SERVER_DETECTION: 'none' };

async function startIdentity(
  t: TestContext,
  options: GoogleIdentityOptions,
): Promise<GoogleIdentity> {
  const identity = new GoogleIdentity(options);
  await identity.server.listen();
  t.after(() => identity.server.close());
  return identity;
}

/**
 * The library has Google's token endpoint built in: calls reach the simulated one through a proxy
 * that leads nowhere else, by a certificate that this process alone trusts.
 */
async function startBehindTls(
  t: TestContext,
  options: GoogleIdentityOptions,
): Promise<{ identity: GoogleIdentity; proxy: string }> {
  const tls = selfSigned([tokenHost], Date.now());
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, tls.cert]);
  t.after(() => setDefaultCACertificates(trusted));
  const identity = await startIdentity(t, { ...options, tls });
  const proxy = createServer().on('connect', (request, socket) => {
    assert.equal(request.url, `${tokenHost}:443`);
    const onward = connect(identity.server.port, '127.0.0.1');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    onward.pipe(socket).on('error', () => onward.destroy());
    socket.pipe(onward).on('error', () => socket.destroy());
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  return { identity, proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

function isGood({ headers, expiration }: AccessToken): boolean {
  const at = headers.indexOf('authorization');
  const token = headers[at + 1]!.replace('Bearer ', '');
  const lifeMs = expiration.getTime() - Date.now();
  assert.ok(lifeMs > 3_500_000 && lifeMs <= 3_600_000);
  return isMinted(token, 'google', vertexAudience, Date.now());
}

const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

function accountFile(home: string, privateKey: string): string {
  const file = join(home, 'account.json');
  const account = {
    type: 'service_account',
    project_id: 'p-1',
    client_email: 'gateway@p-1.iam.gserviceaccount.com',
    private_key: privateKey,
  };
  writeFileSync(file, JSON.stringify(account));
  return file;
}

test('a service account: its key file signs, and a new key in it is seen', async t => {
  const { publicKey, privateKey } = rsa();
  const warn = t.mock.method(console, 'warn');
  const { identity, proxy } = await startBehindTls(t, { accountKey: publicKey });
  await inEnvironment(variables, { ...noMetadata, HTTPS_PROXY: proxy }, async home => {
    const file = accountFile(home, privateKey);
    assert.ok(isGood(await googleTokens(file)));
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    assert.ok(isGood(await googleTokens(null)), 'also where the environment names it');
    accountFile(home, rsa().privateKey);
    await assert.rejects(googleTokens(file), {
      message:
        /^Google does not take key file .*\(invalid_grant.*\); make a new key \(or log in again\), and see that the clock/,
    });
  });
  assert.equal(identity.made, 2);
  assert.equal(warn.mock.callCount(), 0, 'no call that the library warns of');
});

test('an authorized user, as gcloud leaves it in the home, with the project of the quota', async t => {
  const warn = t.mock.method(console, 'warn');
  const { proxy } = await startBehindTls(t, { refreshTokens: ['refresh-1'] });
  await inEnvironment(variables, { ...noMetadata, HTTPS_PROXY: proxy }, async home => {
    process.env.CLOUDSDK_CONFIG = home;
    const user = { type: 'authorized_user', client_id: 'c', client_secret: 's' };
    const file = join(home, 'application_default_credentials.json');
    const write = (token: string): void =>
      writeFileSync(
        file,
        JSON.stringify({ ...user, refresh_token: token, quota_project_id: 'quota-1' }),
      );
    write('refresh-1');
    const token = await googleTokens(file);
    assert.ok(isGood(token));
    const at = token.headers.indexOf('x-goog-user-project');
    assert.equal(token.headers[at + 1], 'quota-1');
    write('revoked');
    await assert.rejects(googleTokens(file), /invalid_grant/);
    assert.equal(warn.mock.callCount(), 0, 'no call that the library warns of');
  });
});

test('workload identity: the token of another provider is exchanged', async t => {
  const identity = await startIdentity(t, { subjectTokens: ['a-workload'] });
  await inEnvironment(variables, noMetadata, async home => {
    const subject = join(home, 'token');
    const file = join(home, 'external.json');
    const external = {
      type: 'external_account',
      audience:
        '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${identity.server.url}/v1/token`,
      credential_source: { file: subject },
    };
    writeFileSync(file, JSON.stringify(external));
    writeFileSync(subject, 'a-workload');
    assert.ok(isGood(await googleTokens(file)));
    writeFileSync(subject, 'another');
    await assert.rejects(googleTokens(file), /does not take key file .*invalid_grant/);
  });
});

test('the metadata server of a machine on Google Cloud', async t => {
  const identity = await startIdentity(t, {});
  const metadata = {
    METADATA_SERVER_DETECTION: 'assume-present',
    GCE_METADATA_HOST: identity.server.host,
  };
  await inEnvironment(variables, metadata, async () => {
    assert.ok(isGood(await googleTokens(null)));
  });
});

test('where there is nothing, the error says what to do', async () => {
  await inEnvironment(variables, noMetadata, async home => {
    process.env.CLOUDSDK_CONFIG = home;
    const vertex = createVertexAi(googleTokens);
    await assert.rejects(async () => vertex.authorize(makeCall(), target(null), Date.now()), {
      name: 'CredentialError',
      message:
        /^no Google credentials: nothing was found.*keyFile or GOOGLE_APPLICATION_CREDENTIALS/,
    });
  });
});

function target(keyFile: string | null) {
  return makeTarget({ project: 'p-1', credential: { type: 'google-adc', keyFile } });
}

test('many calls of many targets make one token; another key file has its own', async () => {
  const asked: (string | null)[] = [];
  const hourMs = 3_600_000;
  const vertex = createVertexAi(async keyFile => {
    asked.push(keyFile);
    const expiration = new Date(hourMs * asked.length);
    return { headers: ['authorization', `Bearer ${asked.length}`], expiration };
  });
  const targets = [null, null, '/key.json', '/key.json'].map(target);
  const calls = targets.flatMap(one => Array.from({ length: 25 }, () => one));
  await Promise.all(calls.map(async one => vertex.authorize(makeCall(), one, 0)));
  assert.deepEqual(asked, [null, '/key.json']);
  const later = vertex.authorize(makeCall(), targets[0]!, hourMs - 300_001);
  assert.ok(!(later instanceof Promise), 'at once while the token holds');
  assert.equal(later.headers.at(-1), 'Bearer 1');
  const renewing = vertex.authorize(makeCall(), targets[0]!, hourMs - 300_000);
  assert.ok(!(renewing instanceof Promise), 'and while it is renewed ahead of its end');
  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual(asked, [null, '/key.json', null]);
});
