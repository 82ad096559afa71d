// Proves where AWS credentials come from and how long they are held: the real chain against this
// process's environment, a credentials file, and on loopback a container endpoint and the service
// that takes web identities; time is given.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { awsChain } from '../../src/clouds/bedrock/aws-credentials.ts';
import { createBedrock } from '../../src/clouds/bedrock/cloud.ts';
import type { AwsCredentials } from '../../src/clouds/bedrock/sign-request.ts';
import { HeldCredentials } from '../../src/clouds/held-credentials.ts';
import { inEnvironment } from './environment.ts';
import { canary, makeCall, makeTarget } from './targets.ts';

const minute = 60_000;

/** Runs with no AWS variables but these, in an empty home. */
const inAws = (variables: Record<string, string>, run: (home: string) => Promise<void>) =>
  inEnvironment(/^AWS_/, { AWS_EC2_METADATA_DISABLED: 'true', ...variables }, run);

test('credentials come from the environment', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: canary };
  await inAws({ ...keys, AWS_SESSION_TOKEN: 'T' }, async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await awsChain(null);
    assert.deepEqual([accessKeyId, secretAccessKey, sessionToken], ['AKIDENV', canary, 'T']);
  });
});

test('credentials come from a profile of the credentials file, and a changed file is seen', async () => {
  await inAws({}, async home => {
    const file = join(home, 'credentials');
    process.env.AWS_SHARED_CREDENTIALS_FILE = file;
    const write = (id: string): void =>
      writeFileSync(
        file,
        `[default]\naws_access_key_id=AKIDDEFAULT\naws_secret_access_key=x\n[team]\naws_access_key_id=${id}\naws_secret_access_key=x\n`,
      );
    write('AKIDTEAM');
    assert.equal((await awsChain(null)).accessKeyId, 'AKIDDEFAULT');
    assert.equal((await awsChain('team')).accessKeyId, 'AKIDTEAM');
    write('AKIDROTATED');
    assert.equal((await awsChain('team')).accessKeyId, 'AKIDROTATED');
  });
});

test('credentials come from a container endpoint, with their end', async () => {
  const expiration = new Date(Date.now() + 60 * minute);
  const server = createServer((request, response) => {
    const allowed = request.headers.authorization === 'the-token';
    const body = {
      AccessKeyId: 'AKIDCONTAINER',
      SecretAccessKey: canary,
      Token: 'T',
      Expiration: expiration.toISOString(),
    };
    response.writeHead(allowed ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(allowed ? body : {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const variables = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the-token',
  };
  try {
    await inAws(variables, async () => {
      const found = await awsChain(null);
      assert.equal(found.accessKeyId, 'AKIDCONTAINER');
      assert.equal(found.expiration?.getTime(), expiration.getTime());
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('credentials come from a web identity, for the role and the token of its file', async () => {
  const expiration = new Date(Date.now() + 60 * minute);
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const body = await Array.fromAsync(request, chunk => String(chunk));
    asked.push(new URLSearchParams(body.join('')));
    const name = 'AssumeRoleWithWebIdentity';
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<${name}Response><${name}Result><Credentials><AccessKeyId>AKIDWEB</AccessKeyId>` +
          `<SecretAccessKey>${canary}</SecretAccessKey><SessionToken>T</SessionToken>` +
          `<Expiration>${expiration.toISOString()}</Expiration></Credentials>` +
          `</${name}Result></${name}Response>`,
      );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const role = 'arn:aws:iam::123456789012:role/gateway';
  const variables = {
    AWS_ROLE_ARN: role,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${port}`,
  };
  try {
    await inAws(variables, async home => {
      process.env.AWS_WEB_IDENTITY_TOKEN_FILE = join(home, 'token');
      writeFileSync(process.env.AWS_WEB_IDENTITY_TOKEN_FILE, 'the-identity');
      const found = await awsChain(null);
      assert.deepEqual([found.accessKeyId, found.sessionToken], ['AKIDWEB', 'T']);
      assert.equal(found.expiration?.getTime(), expiration.getTime());
    });
    assert.equal(asked.length, 1);
    assert.equal(asked[0]!.get('RoleArn'), role);
    assert.equal(asked[0]!.get('WebIdentityToken'), 'the-identity');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('where there are none, the error says so and the call fails', async () => {
  await inAws({}, async () => {
    const bedrock = createBedrock(awsChain);
    const credential = { type: 'aws-chain', profile: null } as const;
    const target = makeTarget({ region: 'us-east-1', credential });
    await assert.rejects(async () => bedrock.authorize(makeCall(), target, 0), {
      name: 'CredentialError',
      message: /^no AWS credentials: Could not load credentials from any providers/,
    });
  });
});

/** A source that counts, and gives what is put into it. */
class Source {
  loads = 0;
  next: AwsCredentials | Error = new Error('nothing yet');
  readonly load = async (): Promise<AwsCredentials> => {
    this.loads++;
    if (this.next instanceof Error) throw this.next;
    return this.next;
  };
}

function keys(id: string, endMs?: number): AwsCredentials {
  const end = endMs === undefined ? {} : { expiration: new Date(endMs) };
  return { accessKeyId: id, secretAccessKey: canary, ...end };
}

test('many calls at once load once, and later ones take them without a promise', async () => {
  const source = new Source();
  source.next = keys('A', 60 * minute);
  const held = new HeldCredentials('AWS', source.load);
  const all = await Promise.all(Array.from({ length: 50 }, async () => held.get(0)));
  assert.equal(new Set(all).size, 1);
  assert.deepEqual(held.get(54 * minute), source.next);
  assert.equal(source.loads, 1);
});

test('near their end they are renewed beside the calls that go on with them', async () => {
  const source = new Source();
  const old = keys('A', 60 * minute);
  source.next = old;
  const held = new HeldCredentials('AWS', source.load);
  await held.get(0);
  source.next = keys('B', 120 * minute);
  assert.equal(held.get(56 * minute), old, 'at once, with the old ones');
  assert.equal(held.get(56 * minute), old, 'and no second renewal beside it');
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(held.get(56 * minute), source.next);
  assert.equal(source.loads, 2);
});

test('a renewal that fails leaves the old ones until they end; then the call fails', async () => {
  const source = new Source();
  const old = keys('A', 60 * minute);
  source.next = old;
  const held = new HeldCredentials('AWS', source.load);
  await held.get(0);
  source.next = new Error('the endpoint is down');
  assert.equal(held.get(56 * minute), old);
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(held.get(57 * minute), old);
  await new Promise(resolve => setImmediate(resolve));
  await assert.rejects(async () => held.get(60 * minute), /the endpoint is down/);
});

test('a failure is not asked for again at once, and then it is', async () => {
  const source = new Source();
  const held = new HeldCredentials('AWS', source.load);
  await assert.rejects(async () => held.get(0));
  await assert.rejects(async () => held.get(1000));
  assert.equal(source.loads, 1);
  source.next = keys('A');
  assert.equal(await held.get(6000), source.next);
});

test('keys without an end are read again, so that a rotation needs no restart', async () => {
  const source = new Source();
  source.next = keys('A');
  const held = new HeldCredentials('AWS', source.load);
  await held.get(0);
  source.next = keys('B');
  held.get(16 * minute);
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(held.get(16 * minute), source.next);
});

test('what a source says in its error is shortened, and what looks like a key is taken out', async () => {
  const source = new Source();
  const held = new HeldCredentials('AWS', source.load);
  source.next = new Error(`exit code 1 for AKIA1234567890ABCDEF\n${canary}`);
  await assert.rejects(async () => held.get(0), {
    message: 'no AWS credentials: exit code 1 for AKIA[secret]',
  });
});

test('targets of one profile share their credentials; another profile has its own', async () => {
  const asked: (string | null)[] = [];
  const bedrock = createBedrock(async profile => {
    asked.push(profile);
    return keys(`AKID${profile}`);
  });
  for (const profile of [null, null, 'team', 'team']) {
    const credential = { type: 'aws-chain', profile } as const;
    const target = makeTarget({ region: 'us-east-1', credential });
    const call = await bedrock.authorize(makeCall(), target, 0);
    assert.match(call.headers.at(-1)!, new RegExp(`Credential=AKID${profile}/`));
  }
  assert.deepEqual(asked, [null, 'team']);
});
