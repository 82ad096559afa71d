// A certificate for names on loopback, made in a moment and signed by itself: identity libraries
// call their services by TLS alone. (RFC 5280; the encoding is DER, X.690)

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface SelfSigned {
  /** PEM. */
  readonly key: string;
  /** PEM; who trusts it trusts these names and no others. */
  readonly cert: string;
}

const oid = {
  commonName: '550403',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
  ecdsaWithSha256: '2a8648ce3d040302',
} as const;

/** For `127.0.0.1` and the names given, for a day around `nowMs`. */
export function selfSigned(names: readonly string[], nowMs: number): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const common = createHash('sha256').update(spki).digest('hex').slice(0, 16);
  const name = seq(set(seq(der(0x06, hex(oid.commonName)), der(0x0c, Buffer.from(common)))));
  const algorithm = seq(der(0x06, hex(oid.ecdsaWithSha256)));
  const alternatives = seq(
    der(0x87, Buffer.from([127, 0, 0, 1])),
    ...names.map(text => der(0x82, Buffer.from(text))),
  );
  const extensions = seq(
    extension(oid.subjectAltName, alternatives),
    extension(oid.basicConstraints, seq(der(0x01, Buffer.from([0xff])))),
  );
  const certificate = seq(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    seq(utcTime(nowMs - 43_200_000), utcTime(nowMs + 43_200_000)),
    name,
    spki,
    der(0xa3, extensions),
  );
  const signature = sign('sha256', certificate, privateKey);
  const whole = seq(
    certificate,
    algorithm,
    der(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  const base64 = whole
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function extension(id: string, value: Buffer): Buffer {
  return seq(der(0x06, hex(id)), der(0x04, value));
}

/** `YYMMDDHHMMSSZ` */
function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function seq(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
