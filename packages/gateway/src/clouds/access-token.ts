// Access tokens of an identity service, as Google and Entra ID give them: held by identity, so that
// all targets of one identity renew it once.

import type { Call } from './cloud.ts';
import { type Ending, HeldCredentials } from './held-credentials.ts';
import { withHeaders } from './static-credential.ts';

export interface AccessToken extends Ending {
  /** Flat list of name and value: the token as Bearer, and what the identity asks for beside it. */
  readonly headers: readonly string[];
  readonly expiration: Date;
}

/** Tokens by identity; `Identity` is plain text or null, and the same one has the same tokens. */
export class AccessTokens<Identity extends string | null> {
  readonly #vendor: string;
  readonly #held = new Map<Identity, HeldCredentials<AccessToken>>();

  constructor(vendor: string) {
    this.#vendor = vendor;
  }

  /** `load` is kept for an identity that is seen for the first time. */
  of(identity: Identity, load: () => Promise<AccessToken>): HeldCredentials<AccessToken> {
    let held = this.#held.get(identity);
    if (held === undefined) {
      held = new HeldCredentials(this.#vendor, load);
      this.#held.set(identity, held);
    }
    return held;
  }
}

/** The call with the token: at once while it holds. Fails with CredentialError. */
export function withToken(
  call: Call,
  held: HeldCredentials<AccessToken>,
  nowMs: number,
): Call | Promise<Call> {
  const withIt = (token: AccessToken): Call => ({
    ...withHeaders(call, token.headers),
    renew: laterMs => held.refused(token, laterMs),
  });
  const token = held.get(nowMs);
  return token instanceof Promise ? token.then(withIt) : withIt(token);
}
