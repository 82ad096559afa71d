// Google's identity services on loopback: the token endpoint of OAuth (service accounts by a signed
// assertion, users by a refresh token), the Security Token Service of workload identity, and the
// metadata server. Tokens open the simulated Vertex AI.
// (developers.google.com/identity/protocols/oauth2/service-account; RFC 8693;
// docs.cloud.google.com/compute/docs/metadata, seen 2026-11-24)

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { vertexAudience } from '../clouds/vertex-ai.ts';
import { type IdentityAnswer, type IdentityCall, IdentityServer } from './identity-server.ts';
import { mintToken } from './minted-token.ts';
import type { SelfSigned } from './self-signed.ts';

export interface GoogleIdentityOptions {
  readonly tls?: SelfSigned;
  /** PEM of the public key that assertions of service accounts are verified with. */
  readonly accountKey?: string;
  readonly refreshTokens?: readonly string[];
  /** Tokens of another identity provider that the Security Token Service takes. */
  readonly subjectTokens?: readonly string[];
  /** By default an hour. */
  readonly tokenSeconds?: number;
}

export class GoogleIdentity {
  readonly server: IdentityServer;
  readonly #options: GoogleIdentityOptions;
  readonly #accountKey: KeyObject | null;
  #made = 0;
  /** What every call gets, in place of a token. */
  outage: IdentityAnswer | null = null;

  constructor(options: GoogleIdentityOptions = {}) {
    this.#options = options;
    this.#accountKey =
      options.accountKey === undefined ? null : createPublicKey(options.accountKey);
    this.server = new IdentityServer(
      call => this.outage ?? this.#answer(call),
      options.tls ?? null,
    );
  }

  /** How many tokens were made. */
  get made(): number {
    return this.#made;
  }

  #answer({ method, target, headers, body }: IdentityCall): IdentityAnswer {
    const [path] = target.split('?');
    if (path!.startsWith('/computeMetadata/v1')) {
      return headers['metadata-flavor'] === 'Google'
        ? this.#metadata(path!)
        : { status: 403, body: 'Missing Metadata-Flavor:Google header.' };
    }
    if (method !== 'POST') return { status: 404, body: '' };
    const form = new URLSearchParams(body);
    if (path === '/v1/token') return this.#exchange(form);
    return path === '/token' ? this.#grant(form) : { status: 404, body: '' };
  }

  #metadata(path: string): IdentityAnswer {
    const headers = { 'metadata-flavor': 'Google' };
    if (path.endsWith('/service-accounts/default/token')) {
      return { status: 200, headers, body: this.#token() };
    }
    const text =
      path.endsWith('/universe-domain') || path.endsWith('/universe_domain')
        ? 'googleapis.com'
        : 'simulated';
    return { status: 200, headers, body: text };
  }

  #grant(form: URLSearchParams): IdentityAnswer {
    const type = form.get('grant_type');
    if (type === 'refresh_token') {
      const known = this.#options.refreshTokens?.includes(form.get('refresh_token') ?? '');
      return known === true ? this.#given() : refused('Token has been expired or revoked.');
    }
    if (type !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return refused('Unknown grant.');
    return this.#isSigned(form.get('assertion') ?? '')
      ? this.#given()
      : refused('Invalid JWT Signature.');
  }

  /** RS256 under the account's key, for this very endpoint, and not yet at its end. */
  #isSigned(assertion: string): boolean {
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    if (this.#accountKey === null) return false;
    const bytes = Buffer.from(signature, 'base64url');
    if (!verify('sha256', Buffer.from(`${head}.${claims}`), this.#accountKey, bytes)) return false;
    const { aud, scope, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
      aud: string;
      scope: string;
      exp: number;
    };
    const isHere = aud === 'https://oauth2.googleapis.com/token' && scope === vertexAudience;
    return isHere && exp * 1000 > Date.now();
  }

  #exchange(form: URLSearchParams): IdentityAnswer {
    const known = this.#options.subjectTokens?.includes(form.get('subject_token') ?? '');
    if (known !== true) return refused('The given credential is rejected.');
    const issued = 'urn:ietf:params:oauth:token-type:access_token';
    return { status: 200, body: { ...this.#token(), issued_token_type: issued } };
  }

  #given(): IdentityAnswer {
    return { status: 200, body: this.#token() };
  }

  #token(): object {
    const seconds = this.#options.tokenSeconds ?? 3600;
    const endMs = Date.now() + seconds * 1000;
    const token = mintToken('google', vertexAudience, endMs, ++this.#made);
    return { access_token: token, expires_in: seconds, token_type: 'Bearer' };
  }
}

function refused(description: string): IdentityAnswer {
  return { status: 400, body: { error: 'invalid_grant', error_description: description } };
}
