// Proves that credentials of AWS come from what machines and people are given: the metadata service
// of an instance by its second version, a container's endpoint with a token in a file, and a login
// of SSO, renewed where it has ended. How: the official chain, against these services on loopback.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { awsChain } from '../../src/clouds/bedrock/aws-credentials.ts';
import { inEnvironment } from './environment.ts';
import { canary } from './targets.ts';

const minute = 60_000;
const end = new Date(Math.floor(Date.now() / 1000) * 1000 + 60 * minute);

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function service(t: TestContext, answer: Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await Array.fromAsync(request, chunk => String(chunk));
    answer(request, response, body.join(''));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const inAws = (variables: Record<string, string>, run: (home: string) => Promise<void>) =>
  inEnvironment(/^AWS_/, variables, run);

function json(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const given = (id: string): object => ({
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: id,
  SecretAccessKey: canary,
  Token: 'T',
  Expiration: end.toISOString(),
  LastUpdated: new Date().toISOString(),
});

test('an instance gives them by the second version of its metadata service', async t => {
  const asked: string[] = [];
  const url = await service(t, (request, response) => {
    const path = request.url!.replace(/\/$/, '');
    asked.push(`${request.method} ${path}`);
    if (request.method === 'PUT' && path === '/latest/api/token') {
      assert.ok(Number(request.headers['x-aws-ec2-metadata-token-ttl-seconds']) > 0);
      response.writeHead(200).end('session-token');
      return;
    }
    if (request.headers['x-aws-ec2-metadata-token'] !== 'session-token') {
      response.writeHead(401).end();
      return;
    }
    const roles = /^\/latest\/meta-data\/iam\/security-credentials(?:\/(.+))?$/.exec(path);
    if (roles === null) response.writeHead(404).end();
    else if (roles[1] === undefined) response.writeHead(200).end('gateway-role');
    else if (roles[1] === 'gateway-role') json(response, given('AKIDINSTANCE'));
    else response.writeHead(404).end();
  });
  await inAws({ AWS_EC2_METADATA_SERVICE_ENDPOINT: url }, async () => {
    const { accessKeyId, sessionToken, expiration } = await awsChain(null);
    assert.deepEqual([accessKeyId, sessionToken], ['AKIDINSTANCE', 'T']);
    assert.equal(expiration?.getTime(), end.getTime());
  });
  assert.equal(asked[0], 'PUT /latest/api/token');
});

test('a container gives them for the token of a file, which is read anew each time', async t => {
  let token = 'first';
  const url = await service(t, (request, response) => {
    const isAllowed = request.headers.authorization === token;
    json(response, isAllowed ? given(`AKID${token}`) : {}, isAllowed ? 200 : 403);
  });
  await inAws({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials` }, async home => {
    const file = join(home, 'token');
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = file;
    for (token of ['first', 'second']) {
      writeFileSync(file, token);
      const { accessKeyId, expiration } = await awsChain(null);
      assert.equal(accessKeyId, `AKID${token}`);
      assert.equal(expiration?.getTime(), end.getTime());
    }
  });
});

/** A profile of SSO with a session, and what `aws sso login` leaves behind. */
function writeLogin(home: string, expiresAt: Date): string {
  const folder = join(home, '.aws');
  const cache = join(folder, 'sso/cache');
  mkdirSync(cache, { recursive: true });
  writeFileSync(
    join(folder, 'config'),
    `[profile team]
sso_session = harbour
sso_account_id = 123456789012
sso_role_name = Gateway
region = us-east-1
[sso-session harbour]
sso_region = us-east-1
sso_start_url = https://harbour.awsapps.com/start
`,
  );
  const file = join(cache, `${createHash('sha1').update('harbour').digest('hex')}.json`);
  const login = {
    startUrl: 'https://harbour.awsapps.com/start',
    region: 'us-east-1',
    accessToken: 'login-token',
    expiresAt: expiresAt.toISOString(),
    clientId: 'client',
    clientSecret: canary,
    registrationExpiresAt: new Date(Date.now() + 1000 * minute).toISOString(),
    refreshToken: 'refresh-me',
  };
  writeFileSync(file, JSON.stringify(login));
  return file;
}

function portal(token: () => string, asked: string[]): Answer {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://portal');
    asked.push(`${pathname} ${searchParams.get('account_id')} ${searchParams.get('role_name')}`);
    if (request.headers['x-amz-sso_bearer_token'] !== token()) {
      response.setHeader('x-amzn-errortype', 'UnauthorizedException');
      json(response, { message: 'Session token not found or invalid' }, 401);
      return;
    }
    const roleCredentials = {
      accessKeyId: 'AKIDSSO',
      secretAccessKey: canary,
      sessionToken: 'T',
      expiration: end.getTime(),
    };
    json(response, { roleCredentials });
  };
}

test('a login of SSO gives them for the account and the role of its profile', async t => {
  const asked: string[] = [];
  const sso = await service(
    t,
    portal(() => 'login-token', asked),
  );
  const variables = { AWS_ENDPOINT_URL_SSO: sso, AWS_EC2_METADATA_DISABLED: 'true' };
  await inAws(variables, async home => {
    writeLogin(home, end);
    const { accessKeyId, sessionToken, expiration } = await awsChain('team');
    assert.deepEqual([accessKeyId, sessionToken], ['AKIDSSO', 'T']);
    assert.equal(expiration?.getTime(), end.getTime());
  });
  assert.deepEqual(asked, ['/federation/credentials 123456789012 Gateway']);
});

test('a login of SSO that has ended is renewed by its refresh token', async t => {
  const sso = await service(
    t,
    portal(() => 'new-token', []),
  );
  const oidc = await service(t, (request, response, body) => {
    assert.equal(request.url, '/token');
    const { grantType, refreshToken } = JSON.parse(body);
    assert.deepEqual([grantType, refreshToken], ['refresh_token', 'refresh-me']);
    json(response, { accessToken: 'new-token', expiresIn: 3600, refreshToken: 'next' });
  });
  const variables = {
    AWS_ENDPOINT_URL_SSO: sso,
    AWS_ENDPOINT_URL_SSO_OIDC: oidc,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  await inAws(variables, async home => {
    const file = writeLogin(home, new Date(Date.now() - minute));
    assert.equal((await awsChain('team')).accessKeyId, 'AKIDSSO');
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).accessToken, 'new-token');
  });
});

test('a login of SSO that is gone, or is not taken, is an error that says so', async t => {
  const sso = await service(
    t,
    portal(() => 'another', []),
  );
  const variables = { AWS_ENDPOINT_URL_SSO: sso, AWS_EC2_METADATA_DISABLED: 'true' };
  await inAws(variables, async () => {
    await assert.rejects(awsChain('team'), /team|Could not load credentials/);
  });
  await inAws(variables, async home => {
    writeLogin(home, end);
    await assert.rejects(awsChain('team'), /Session token not found or invalid/);
  });
});
