// Proves that a held credential which is refused before its end is renewed, and the call sent once
// more to the same deployment, as one attempt: tokens of Google and Entra ID, sessions of AWS. How:
// the official libraries against identity services on loopback, scripted upstreams that refuse.
// Credentials are held for the whole process: each test has an identity of its own.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { EntraIdentity } from '@entrepot/simcloud/identity/entra-identity';
import { GoogleIdentity } from '@entrepot/simcloud/identity/google-identity';
import { selfSigned } from '@entrepot/simcloud/identity/self-signed';
import { Secret, type Target } from '../../src/config/target.ts';
import { chat, chatAnswer } from '../answers.ts';
import { FakeUpstream, Rig, type RigDeployment, type Script } from '../rig.ts';
import { inEnvironment } from './environment.ts';
import { canary } from './targets.ts';

const variables =
  /^(AWS|AZURE|IDENTITY|MSI|IMDS|GCE|GOOGLE|GCLOUD|CLOUDSDK|METADATA|HTTPS?_PROXY|https?_proxy)/;

interface Case {
  readonly service: RigDeployment['service'];
  readonly credential: Target['credential'];
  readonly offer?: RigDeployment['offer'];
  readonly path: string;
  readonly body: object;
  readonly answer: string;
  /** What the upstream says of a credential that has ended. */
  readonly refusal: readonly [status: number, headers: Record<string, string>, body: string];
}

const content = 'A ship.';
const gemini: Case = {
  service: 'vertex-ai',
  credential: { type: 'google-adc', keyFile: null },
  path: '/v1beta/models/any:generateContent',
  body: { contents: [{ role: 'user', parts: [{ text: 'Q' }] }] },
  answer: JSON.stringify({
    candidates: [{ content: { role: 'model', parts: [{ text: content }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 },
  }),
  refusal: [401, {}, '{"error":{"code":401,"message":"no","status":"UNAUTHENTICATED"}}'],
};
const azure: Case = {
  service: 'azure-openai',
  credential: {
    type: 'azure-entra',
    tenantId: '11111111-1111-1111-1111-111111111111',
    clientId: '22222222-2222-2222-2222-222222222222',
    clientSecret: new Secret(canary),
    scope: 'https://cognitiveservices.azure.com/.default',
  },
  path: '/v1/chat/completions',
  body: { model: 'any', messages: [{ role: 'user', content: 'Q' }] },
  answer: chatAnswer,
  refusal: [401, {}, '{"error":{"code":"401","message":"Access token is expired."}}'],
};
const bedrock: Case = {
  service: 'bedrock',
  credential: { type: 'aws-chain', profile: null },
  path: '/model/any/converse',
  body: { messages: [{ role: 'user', content: [{ text: 'Q' }] }] },
  answer: JSON.stringify({
    output: { message: { role: 'assistant', content: [{ text: content }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 4, outputTokens: 2, totalTokens: 6 },
    metrics: { latencyMs: 1 },
  }),
  refusal: [
    403,
    { 'x-amzn-errortype': 'ExpiredTokenException:http://internal' },
    '{"message":"The security token included in the request is expired"}',
  ],
};

/** Ends the credentials that it has seen, when it is told to. */
class Strict {
  readonly ended = new Set<string>();
  last = '';
  /** Whether everything is refused, whatever it is called with. */
  refusesAll = false;
  readonly script: Script;

  constructor({ answer, refusal }: Case) {
    this.script = ({ headers }, response) => {
      const { authorization = '' } = headers;
      // Of a signature, the key that made it.
      this.last = /Credential=([^/]+)/.exec(authorization)?.[1] ?? authorization;
      const isOver = this.refusesAll || this.ended.has(this.last);
      const [status, more, body] = isOver ? refusal : [200, {}, answer];
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(body);
    };
  }
}

async function gatewayOf(
  t: TestContext,
  one: Case,
  more: readonly Script[] = [],
): Promise<{ rig: Rig; strict: Strict; upstreams: FakeUpstream[] }> {
  const strict = new Strict(one);
  const upstreams = [strict.script, ...more].map(script => new FakeUpstream(script));
  for (const upstream of upstreams) {
    await upstream.listen();
    t.after(() => upstream.close());
  }
  const { service, credential, offer = {} } = one;
  const deployments: RigDeployment[] = upstreams.map(({ url: endpoint }, i) =>
    i === 0
      ? { id: 'held', service, endpoint, credential, offer }
      : { id: `spare${i}`, service: 'openai-api', endpoint },
  );
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  return { rig, strict, upstreams };
}

/** A first call, then one whose credential has ended meanwhile, then one that must need nothing. */
async function assertRenewed(t: TestContext, one: Case, made: () => number): Promise<void> {
  const { rig, strict, upstreams } = await gatewayOf(t, one);
  assert.equal((await rig.post(one.path, one.body)).status, 200);
  const before = made();
  strict.ended.add(strict.last);
  const first = strict.last;
  const all = await Promise.all(Array.from({ length: 8 }, () => rig.post(one.path, one.body)));
  for (const answer of all) {
    assert.equal(answer.status, 200, await answer.text());
    assert.equal(answer.headers.get('entrepot-attempts'), '1');
  }
  assert.notEqual(strict.last, first);
  assert.equal(made(), before + 1, 'renewed once for all who were refused');
  assert.ok(upstreams[0]!.received.length <= 17, 'each was sent twice at most');
  for (const record of await rig.records()) {
    assert.equal(record.outcome, 'ok');
    assert.deepEqual(
      record.attempts.map(({ failure }) => failure),
      [null],
    );
  }
}

async function inGoogle(t: TestContext, run: (identity: GoogleIdentity) => Promise<void>) {
  const identity = new GoogleIdentity();
  await identity.server.listen();
  t.after(() => identity.server.close());
  const metadata = {
    METADATA_SERVER_DETECTION: 'assume-present',
    GCE_METADATA_HOST: identity.server.host,
  };
  await inEnvironment(variables, metadata, () => run(identity));
}

test('a token of Google', async t => {
  await inGoogle(t, identity => assertRenewed(t, gemini, () => identity.made));
});

test('a token of Entra ID', async t => {
  const tls = selfSigned(['localhost'], Date.now());
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, tls.cert]);
  t.after(() => setDefaultCACertificates(trusted));
  const { tenantId, clientId } = azure.credential as { tenantId: string; clientId: string };
  const identity = new EntraIdentity({ tenantId, clientId, clientSecret: canary, tls });
  await identity.server.listen();
  t.after(() => identity.server.close());
  const authority = { AZURE_AUTHORITY_HOST: identity.server.url };
  await inEnvironment(variables, authority, () => assertRenewed(t, azure, () => identity.made));
});

async function inAws(t: TestContext, run: (made: () => number) => Promise<void>) {
  let made = 0;
  const server = createServer((_, response) => {
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    const keys = { AccessKeyId: `AKID${++made}`, SecretAccessKey: canary, Token: 'T', Expiration };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const said = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/` };
  await inEnvironment(variables, said, () => run(() => made));
}

test('a session of AWS', async t => {
  await inAws(t, made => assertRenewed(t, bedrock, made));
});

test('new ones that are refused, too, are a failure, and no storm', async t => {
  await inAws(t, async made => {
    const one = { ...bedrock, credential: { type: 'aws-chain', profile: 'refused' } } as const;
    const { rig, strict, upstreams } = await gatewayOf(t, one, [chat]);
    strict.refusesAll = true;
    for (let i = 0; i < 10; i++) {
      const answer = await rig.post(azure.path, azure.body);
      assert.equal(answer.status, 200, await answer.text());
    }
    const [record] = (await rig.records()).slice(-1);
    assert.ok(record!.attempts.length <= 2);
    assert.equal(made(), 2, 'one renewal, and no more for a while');
    assert.ok(upstreams[0]!.received.length <= 11);
  });
});

test('what a credential has no right to is not asked for twice', async t => {
  await inAws(t, async made => {
    const denied = {
      ...bedrock,
      credential: { type: 'aws-chain', profile: 'denied' },
      refusal: [
        403,
        { 'x-amzn-errortype': 'AccessDeniedException' },
        '{"message":"User is not authorized to perform: bedrock:InvokeModel"}',
      ],
    } as const;
    const { rig, strict, upstreams } = await gatewayOf(t, denied);
    strict.refusesAll = true;
    assert.ok((await rig.post(denied.path, denied.body)).status >= 400);
    assert.deepEqual([made(), upstreams[0]!.received.length], [1, 1]);
  });
});
