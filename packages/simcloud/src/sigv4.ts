// AWS Signature Version 4 as the receiving side computes it, written from AWS's documentation
// ("Create a signed AWS API request", IAM User Guide) and sharing no code with any signer, so that
// a fault in a signer cannot hide here.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AwsKeyPair } from './credentials.ts';

/** A request as it stood on the wire. Names of headers in lower case, in their order. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, percent-encoded as they came. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** Why a signature is not accepted: the exception's name and message at AWS. */
export interface SignatureProblem {
  readonly exception: string;
  readonly message: string;
}

export interface SignatureScope {
  readonly service: string;
  readonly keys: readonly AwsKeyPair[];
  readonly nowMs: number;
}

const algorithm = 'AWS4-HMAC-SHA256';
const greatestSkewMs = 5 * 60 * 1000;

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** null when the signature is right, made for this service and of this time. */
export function verifySignature(
  request: SignedRequest,
  scope: SignatureScope,
): SignatureProblem | null {
  const header = headerOf(request, 'authorization');
  if (header === null) {
    return problem('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const authorization = parseAuthorization(header);
  if (authorization === null) {
    return problem('IncompleteSignatureException', `Authorization header is malformed: ${header}`);
  }
  const key = scope.keys.find(k => k.accessKeyId === authorization.accessKeyId);
  const token = headerOf(request, 'x-amz-security-token');
  if (key === undefined || (key.sessionToken ?? null) !== token) {
    const message = 'The security token included in the request is invalid.';
    return problem('UnrecognizedClientException', message);
  }
  return (
    scopeProblem(request, authorization, scope) ?? signatureProblem(request, authorization, key)
  );
}

function scopeProblem(
  request: SignedRequest,
  authorization: Authorization,
  { service, nowMs }: SignatureScope,
): SignatureProblem | null {
  const stamp = headerOf(request, 'x-amz-date') ?? '';
  const signedMs = stampMs(stamp);
  if (signedMs === null || !stamp.startsWith(authorization.date)) {
    const message =
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date';
    return problem('InvalidSignatureException', message);
  }
  if (authorization.service !== service) {
    const message = `Credential should be scoped to correct service: '${service}'.`;
    return problem('InvalidSignatureException', message);
  }
  const signed = authorization.signedHeaders;
  // Over HTTP/2 the AWS SDK signs the host under the name that it has there.
  const hostIsSigned = signed.includes('host') || signed.includes(':authority');
  const missing = hostIsSigned ? 'x-amz-date' : 'host';
  if (!signed.includes(missing)) {
    const message = `'${missing}' must be a 'SignedHeader' in the AWS Authorization.`;
    return problem('InvalidSignatureException', message);
  }
  const now = isoStamp(nowMs);
  if (nowMs - signedMs > greatestSkewMs) {
    const message = `Signature expired: ${stamp} is now earlier than ${now} - 5 min.`;
    return problem('InvalidSignatureException', message);
  }
  if (signedMs - nowMs > greatestSkewMs) {
    const message = `Signature not yet current: ${stamp} is still later than ${now} + 5 min.`;
    return problem('InvalidSignatureException', message);
  }
  return null;
}

function signatureProblem(
  request: SignedRequest,
  authorization: Authorization,
  key: AwsKeyPair,
): SignatureProblem | null {
  const wrong = problem(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your ' +
      'AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
  const sent = headerOf(request, 'x-amz-content-sha256');
  if (sent !== null && sent !== sha256(request.body)) return wrong;
  const { date, region, service, signedHeaders } = authorization;
  const text = [
    algorithm,
    headerOf(request, 'x-amz-date'),
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonicalRequest(request, signedHeaders)),
  ].join('\n');
  const expected = hmac(signingKey(key.secretAccessKey, date, region, service), text);
  const given = Buffer.from(authorization.signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? null : wrong;
}

/** The canonical request. `normalize` removes dot segments and double slashes from the path. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  normalize = true,
): string {
  const at = request.target.indexOf('?');
  const path = at === -1 ? request.target : request.target.slice(0, at);
  const query = at === -1 ? '' : request.target.slice(at + 1);
  const headers = signedHeaders.map(name => {
    const values = request.headers.filter(([n]) => n === name).map(([, value]) => value);
    return `${name}:${values.map(v => v.trim().replace(/\s+/g, ' ')).join(',')}\n`;
  });
  return [
    request.method,
    encodePath(normalize ? normalized(path) : path),
    canonicalQuery(query),
    headers.join(''),
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

/** Already encoded paths are encoded once more, as all services but S3 ask: `%3A` is `%253A`. */
function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

function normalized(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const ends = kept.length > 0 && /\/\.{0,2}$/.test(path);
  return `/${kept.join('/')}${ends ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map(pair => {
    const at = pair.indexOf('=');
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return [encode(decoded(name)), encode(decoded(value))] as const;
  });
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Everything but letters, digits and `-._~` (RFC 3986, unreserved). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const credentialPattern = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/;

function parseAuthorization(header: string): Authorization | null {
  if (!header.startsWith(`${algorithm} `)) return null;
  const fields = new Map<string, string>();
  for (const item of header.slice(algorithm.length + 1).split(',')) {
    const at = item.indexOf('=');
    if (at !== -1) fields.set(item.slice(0, at).trim(), item.slice(at + 1).trim());
  }
  const credential = credentialPattern.exec(fields.get('Credential') ?? '');
  const signedHeaders = fields.get('SignedHeaders')?.split(';') ?? [];
  const signature = fields.get('Signature') ?? '';
  if (credential === null || signedHeaders.length === 0 || !/^[0-9a-f]{64}$/.test(signature)) {
    return null;
  }
  const [, accessKeyId, date, region, service] = credential as unknown as string[];
  return {
    accessKeyId: accessKeyId!,
    date: date!,
    region: region!,
    service: service!,
    signedHeaders,
    signature,
  };
}

function headerOf(request: SignedRequest, name: string): string | null {
  return request.headers.find(([n]) => n === name)?.[1] ?? null;
}

const stampPattern = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

function stampMs(stamp: string): number | null {
  const match = stampPattern.exec(stamp);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
}

function isoStamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

let lastKey: { readonly of: string; readonly key: Buffer } | null = null;

/** The derived key is the same for a day: the last one is kept. */
function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  const of = `${secret}/${date}/${region}/${service}`;
  if (lastKey?.of === of) return lastKey.key;
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secret}`,
  ) as Buffer;
  lastKey = { of, key };
  return key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function problem(exception: string, message: string): SignatureProblem {
  return { exception, message };
}
