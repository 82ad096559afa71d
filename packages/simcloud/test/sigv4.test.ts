// Proves that signatures are verified as AWS does it: on AWS's own test suite (read from
// ../shared/data/vectors/sigv4), on four signatures that botocore made, and on wrong ones.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { canonicalRequest, type SignedRequest, verifySignature } from '../src/sigv4.ts';

const suite = join(
  import.meta.dirname,
  '../../../../shared/data/vectors/sigv4/tests/aws-signing-test-suite/v4',
);
const skip = existsSync(suite) ? false : 'needs ../shared/data/vectors/sigv4';

// AWS's documented example key.
const example = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

/** A raw HTTP/1.1 request; header lines that begin with a space go on. */
function parseRaw(text: string): SignedRequest {
  const end = text.search(/\r?\n\r?\n/);
  const head = end === -1 ? text : text.slice(0, end);
  const body = end === -1 ? '' : text.slice(end).replace(/^\r?\n\r?\n/, '');
  const [first, ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const [, method, target] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first!)!;
  const headers = lines
    .filter(line => line !== '')
    .map(line => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1)] as const;
    });
  return { method: method!, target: target!, headers, body: Buffer.from(body) };
}

function signedHeadersOf(request: SignedRequest): string[] {
  const authorization = request.headers.find(([name]) => name === 'authorization')![1];
  return /SignedHeaders=([^,]+)/.exec(authorization)![1]!.split(';');
}

describe("AWS's test suite", { skip }, () => {
  for (const name of skip ? [] : readdirSync(suite)) {
    const read = (file: string): string => readFileSync(join(suite, name, file), 'utf8');

    test(name, () => {
      const context = JSON.parse(read('context.json'));
      const request = parseRaw(read('header-signed-request.txt'));
      const canonical = canonicalRequest(request, signedHeadersOf(request), context.normalize);
      assert.equal(canonical, read('header-canonical-request.txt').replaceAll('\r\n', '\n'));
      // Services other than S3 normalise paths; the suite also has vectors for S3's way.
      if (!context.normalize && /\/\/|\/\./.test(request.target)) return;
      const key = { ...example, ...(context.credentials.token && tokenOf(context)) };
      const nowMs = Date.parse(context.timestamp);
      const scope = { service: context.service, keys: [key], nowMs };
      assert.equal(verifySignature(request, scope), null);
    });
  }
});

function tokenOf(context: { readonly credentials: { readonly token: string } }): {
  sessionToken: string;
} {
  return { sessionToken: context.credentials.token };
}

const body = '{"messages":[{"role":"user","content":[{"text":"hi"}]}]}';
const haiku = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
const signedAtMs = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Made with botocore 1.43.11 for bedrock in us-east-1. */
const byBotocore = [
  [haiku, null, '34a96cdbd6bd355bb6b09bacabc89d02b773bf555db05f1245ae638dad419459'],
  [haiku, 'TOKEN', 'befabf3660027a578123b8df6b7a15981e4dc2f4a7bcd930ef1d095495ba7680'],
  [profile, null, '7cbb4adca1347f179aaabc6c098ae0f82a7c8d20d1ec18c23cd021b4865f799f'],
  [profile, 'TOKEN', '6ceb5a0f9483065e52892182d2a10c9b45b703750094df863c4cc6659d77afb0'],
] as const;

interface Changes {
  readonly model?: string;
  readonly token?: string | null;
  readonly signature?: string;
  readonly body?: string;
}

function converse(changes: Changes = {}): SignedRequest {
  const { model = haiku, token = null, signature = byBotocore[0][2] } = changes;
  const names = `content-type;host;x-amz-date${token === null ? '' : ';x-amz-security-token'}`;
  const credential = `AKIDEXAMPLE/20260102/us-east-1/bedrock/aws4_request`;
  return {
    method: 'POST',
    target: `/model/${encodeURIComponent(model)}/converse`,
    headers: [
      ['host', 'bedrock-runtime.us-east-1.amazonaws.com'],
      ['content-type', 'application/json'],
      ['x-amz-date', '20260102T030405Z'],
      ...(token === null ? [] : [['x-amz-security-token', token] as const]),
      [
        'authorization',
        `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
      ],
    ],
    body: Buffer.from(changes.body ?? body),
  };
}

const scope = { service: 'bedrock', keys: [example], nowMs: signedAtMs };

for (const [model, token, signature] of byBotocore) {
  test(`a signature of botocore is right: ${model}${token === null ? '' : ' with a token'}`, () => {
    const key = token === null ? example : { ...example, sessionToken: token };
    const request = converse({ model, token, signature });
    assert.equal(verifySignature(request, { ...scope, keys: [key] }), null);
  });
}

test('a changed body, path or signature is refused', () => {
  const wrong = [
    converse({ body: body.replace('hi', 'ho') }),
    converse({ model: 'anthropic.claude-opus-4-1' }),
    converse({ signature: 'f'.repeat(64) }),
  ];
  for (const request of wrong) {
    const problem = verifySignature(request, scope);
    assert.equal(problem?.exception, 'InvalidSignatureException');
    assert.match(problem.message, /does not match the signature you provided/);
  }
});

test('a clock that is more than five minutes off is refused, and less is not', () => {
  const at = (offMs: number) =>
    verifySignature(converse(), { ...scope, nowMs: signedAtMs + offMs })?.message ?? null;
  assert.equal(at(299_000), null);
  assert.equal(at(-299_000), null);
  assert.match(at(301_000)!, /^Signature expired/);
  assert.match(at(-301_000)!, /^Signature not yet current/);
});

test('an unknown key, a missing token and another service are refused', () => {
  const exception = (keys: (typeof scope)['keys'], service = 'bedrock') =>
    verifySignature(converse(), { ...scope, keys, service })?.exception;
  assert.equal(exception([]), 'UnrecognizedClientException');
  const other = { ...example, sessionToken: 'TOKEN' } as (typeof scope)['keys'][number];
  assert.equal(exception([other]), 'UnrecognizedClientException');
  assert.equal(exception([example], 's3'), 'InvalidSignatureException');
});
