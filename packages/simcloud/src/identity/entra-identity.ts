// Entra ID on loopback: the token endpoint of a tenant (client secrets, federated assertions) and
// the managed identity of App Service. Tokens open the simulated Azure OpenAI.
// (learn.microsoft.com: "Microsoft identity platform and the OAuth 2.0 client credentials flow",
// "How to use managed identities for App Service", seen 2026-11-24)

import { type IdentityAnswer, type IdentityCall, IdentityServer } from './identity-server.ts';
import { mintToken } from './minted-token.ts';
import type { SelfSigned } from './self-signed.ts';

export interface EntraIdentityOptions {
  /**
   * Without it there is the managed identity alone: the official library wants TLS for the rest.
   */
  readonly tls?: SelfSigned;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** An assertion of another identity provider that stands for the client. */
  readonly assertion?: string;
  /** The header that calls of the managed identity must carry. */
  readonly identityHeader?: string;
  /** By default 70 minutes. */
  readonly tokenSeconds?: number;
}

export class EntraIdentity {
  readonly server: IdentityServer;
  readonly #options: EntraIdentityOptions;
  #made = 0;

  constructor(options: EntraIdentityOptions) {
    this.#options = options;
    this.server = new IdentityServer(call => this.#answer(call), options.tls ?? null);
  }

  /** How many tokens were made. */
  get made(): number {
    return this.#made;
  }

  #answer({ target, headers, body }: IdentityCall): IdentityAnswer {
    const url = new URL(target, this.server.url);
    const { tenantId, identityHeader } = this.#options;
    if (url.pathname === '/msi/token') {
      const isKnown =
        identityHeader !== undefined && headers['x-identity-header'] === identityHeader;
      const resource = url.searchParams.get('resource') ?? '';
      return isKnown ? this.#managed(resource) : { status: 401, body: { statusCode: 401 } };
    }
    const base = `/${tenantId}`;
    if (url.pathname === `${base}/v2.0/.well-known/openid-configuration`) {
      return { status: 200, body: metadata(this.server.url, base) };
    }
    if (url.pathname !== `${base}/oauth2/v2.0/token`) return { status: 404, body: {} };
    return this.#grant(new URLSearchParams(body));
  }

  #grant(form: URLSearchParams): IdentityAnswer {
    const { clientId, clientSecret, assertion } = this.#options;
    if (form.get('client_id') !== clientId) {
      return refused('unauthorized_client', `AADSTS700016: Application was not found.`);
    }
    const secret = form.get('client_secret');
    const asserted = form.get('client_assertion');
    const isKnown =
      (secret !== null && secret === clientSecret) || (asserted !== null && asserted === assertion);
    if (!isKnown)
      return refused('invalid_client', 'AADSTS7000215: Invalid client secret provided.');
    const audience = (form.get('scope') ?? '').split(' ')[0]!.replace(/\/\.default$/, '');
    return { status: 200, body: { ...this.#token(audience), ext_expires_in: this.#seconds() } };
  }

  #managed(resource: string): IdentityAnswer {
    const endSeconds = Math.floor(Date.now() / 1000) + this.#seconds();
    return {
      status: 200,
      body: { ...this.#token(resource), resource, expires_on: String(endSeconds) },
    };
  }

  #seconds(): number {
    return this.#options.tokenSeconds ?? 4200;
  }

  #token(audience: string): object {
    const seconds = this.#seconds();
    const endMs = Date.now() + seconds * 1000;
    const token = mintToken('entra', audience, endMs, ++this.#made);
    return { access_token: token, expires_in: seconds, token_type: 'Bearer' };
  }
}

function refused(error: string, description: string): IdentityAnswer {
  const more = { error_description: `${description} Trace ID: 0`, error_codes: [7000215] };
  return { status: 401, body: { error, ...more } };
}

function metadata(origin: string, base: string): object {
  return {
    issuer: `${origin}${base}/v2.0`,
    authorization_endpoint: `${origin}${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${origin}${base}/oauth2/v2.0/logout`,
    jwks_uri: `${origin}${base}/discovery/v2.0/keys`,
  };
}
