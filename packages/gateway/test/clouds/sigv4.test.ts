// Proves that calls of Bedrock are signed as AWS expects, byte for byte: AWS's own signing vectors
// and four signatures that botocore computed, two of them for a model that is an ARN.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { bedrock } from '../../src/clouds/bedrock/cloud.ts';
import { signerFor, signRequest } from '../../src/clouds/bedrock/sign-request.ts';
import { type Credential, Secret } from '../../src/config/target.ts';
import { exampleKeys, makeCall, makeTarget, pairs } from './targets.ts';

const haiku = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
const plain = 'content-type;host;x-amz-date';
const withToken = `${plain};x-amz-security-token`;
const signatures: readonly [string, string | null, string, string][] = [
  [haiku, null, plain, '34a96cdbd6bd355bb6b09bacabc89d02b773bf555db05f1245ae638dad419459'],
  [haiku, 'TOKEN', withToken, 'befabf3660027a578123b8df6b7a15981e4dc2f4a7bcd930ef1d095495ba7680'],
  [profile, null, plain, '7cbb4adca1347f179aaabc6c098ae0f82a7c8d20d1ec18c23cd021b4865f799f'],
  [profile, 'TOKEN', withToken, '6ceb5a0f9483065e52892182d2a10c9b45b703750094df863c4cc6659d77afb0'],
];

for (const [modelName, token, signedHeaders, signature] of signatures) {
  test(`the signature is botocore's: ${modelName}${token === null ? '' : ' with a session'}`, async () => {
    const sessionToken = token === null ? null : new Secret(token);
    const credential: Credential = { ...exampleKeys, sessionToken } as Credential;
    const target = makeTarget({ region: 'us-east-1', modelName, credential });
    const address = bedrock.address(target, 'bedrock-converse', false);
    const body = Buffer.from('{"messages":[{"role":"user","content":[{"text":"hi"}]}]}');
    // Headers that a proxy may change are sent, but not signed.
    const headers = ['content-type', 'application/json', 'accept-encoding', 'identity'];
    const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    const call = await bedrock.authorize(
      makeCall({ ...address, headers, body: [body] }),
      target,
      nowMs,
    );
    const scope = '20260102/us-east-1/bedrock/aws4_request';
    assert.deepEqual(pairs(call), [
      'content-type: application/json',
      'accept-encoding: identity',
      'x-amz-date: 20260102T030405Z',
      ...(token === null ? [] : [`x-amz-security-token: ${token}`]),
      `authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    ]);
    assert.deepEqual(call.body, [body], 'the bytes that were signed are the bytes that are sent');
  });
}

const folder = resolve(
  import.meta.dirname,
  '../../../../../shared/data/vectors/sigv4/tests/aws-signing-test-suite/v4',
);

interface VectorContext {
  readonly credentials: Record<'access_key_id' | 'secret_access_key' | 'token', string | undefined>;
  readonly normalize: boolean;
  readonly omit_session_token?: boolean;
  readonly region: string;
  readonly service: string;
  readonly sign_body: boolean;
  readonly timestamp: string;
}

/** Why a vector is about something that calls of Bedrock never have; null when it applies. */
function notOurs(context: VectorContext, target: string): string | null {
  if (target.includes('?')) return 'paths of Bedrock have no query';
  if (!context.normalize) return 'paths are always normalised';
  if (context.omit_session_token === true) return 'a session token is always signed';
  return context.sign_body ? 'the hash of the body is not sent as a header' : null;
}

if (!existsSync(folder)) {
  test("AWS's signing vectors", { skip: 'needs ../shared/data/vectors/sigv4' }, () => {});
} else {
  for (const name of readdirSync(folder)) {
    const read = (file: string): string => readFileSync(join(folder, name, file), 'utf8');
    const context = JSON.parse(read('context.json')) as VectorContext;
    const { method, target, host, headers, body } = parseRequest(read('request.txt'));
    // How many are left out is held below.
    if (notOurs(context, target) !== null) continue;
    test(`the signature is that of AWS's vector ${name}`, async () => {
      const { access_key_id, secret_access_key, token } = context.credentials;
      const keys = { accessKeyId: access_key_id!, secretAccessKey: secret_access_key! };
      const credentials = token === undefined ? keys : { ...keys, sessionToken: token };
      const signer = await signerFor(credentials, context.region, context.service);
      const request = { method, path: target, host, headers, body };
      const signed = await signRequest(signer, request, Date.parse(context.timestamp));
      assert.ok(signed.at(-1)!.endsWith(`Signature=${read('header-signature.txt').trim()}`));
    });
  }

  test('most of the vectors apply', () => {
    const applying = readdirSync(folder).filter(name => {
      const context = JSON.parse(readFileSync(join(folder, name, 'context.json'), 'utf8'));
      const request = readFileSync(join(folder, name, 'request.txt'), 'utf8');
      return notOurs(context as VectorContext, parseRequest(request).target) === null;
    });
    assert.equal(applying.length, 21);
  });
}

interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

function parseRequest(text: string): RawRequest {
  const [head = '', body = ''] = text.replaceAll('\r\n', '\n').split('\n\n');
  const [first = '', ...lines] = head
    .trim()
    .replaceAll(/\n[ \t]+/g, ' ')
    .split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first) ?? [];
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  const { host = '', ...rest } = headers;
  return { method, target, host, headers: rest, body: Buffer.from(body) };
}
