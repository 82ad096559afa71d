// Thinking that another vendor signed, on its way through a caller of this dialect. Such a caller
// keeps a signature and nothing else beside the text, so that the name of the issuer travels inside
// it; without that the text would come back as if Anthropic had signed it, and be refused.

const ownIssuer = 'anthropic';
const mark = /^entrepot\.([a-z0-9-]*)\./;

/** The signature or redacted data as a caller gets it; Anthropic's own is left as it is. */
export function seal(opaque: string, issuer: string | undefined): string {
  return issuer === ownIssuer ? opaque : `entrepot.${issuer ?? ''}.${opaque}`;
}

/** The signature or redacted data as its issuer made it, and who that was. */
export function unseal(sealed: string): { opaque: string; issuer?: string } {
  const match = mark.exec(sealed);
  if (match === null) return { opaque: sealed, issuer: ownIssuer };
  const opaque = sealed.slice(match[0].length);
  return match[1] === '' ? { opaque } : { opaque, issuer: match[1]! };
}
