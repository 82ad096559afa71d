// Access tokens of Entra ID from Microsoft's official library: a client secret, or the default
// chain (environment, workload identity, managed identity, developer tools).

import type { Credential } from '../../config/target.ts';
import type { AccessToken } from '../access-token.ts';

export type EntraCredential = Extract<Credential, { readonly type: 'azure-entra' }>;

/** Gives a new token for this identity and scope. */
export type EntraTokenSource = (credential: EntraCredential) => Promise<AccessToken>;

/**
 * The library is loaded when it is first needed. It is begun anew each time: holding is done by
 * HeldCredentials, and what changed in the environment's files is seen. Of a managed identity the
 * library itself keeps endpoint and token for the whole process, the token until near its end.
 */
export const entraTokens: EntraTokenSource = async credential => {
  try {
    const client = await clientFor(credential);
    const { token, expiresOnTimestamp } = (await client.getToken(credential.scope))!;
    const expiration = new Date(expiresOnTimestamp);
    return { headers: ['authorization', `Bearer ${token}`], expiration };
  } catch (cause) {
    throw new Error(advice(credential, cause as Error), { cause });
  }
};

/** Tells one identity from another, the secret included. It is kept in memory alone. */
export function identityOf(credential: EntraCredential): string {
  const { tenantId, clientId, clientSecret, scope } = credential;
  return JSON.stringify([tenantId, clientId, clientSecret?.reveal() ?? null, scope]);
}

interface TokenClient {
  getToken(scope: string): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

async function clientFor(credential: EntraCredential): Promise<TokenClient> {
  const { ClientSecretCredential, DefaultAzureCredential } = await import('@azure/identity');
  const { tenantId, clientId, clientSecret } = credential;
  const options = {
    disableInstanceDiscovery: isPrivateAuthority(process.env.AZURE_AUTHORITY_HOST),
  };
  if (clientSecret !== null) {
    return new ClientSecretCredential(tenantId!, clientId!, clientSecret.reveal(), options);
  }
  return new DefaultAzureCredential({
    ...options,
    ...(tenantId === null ? {} : { tenantId }),
    ...(clientId === null
      ? {}
      : { managedIdentityClientId: clientId, workloadIdentityClientId: clientId }),
  });
}

/** Microsoft's own; it knows no others and must not be asked about them. */
const publicAuthority =
  /^https:\/\/login\.([a-z]+\.)?(microsoftonline\.(com|us|cn)|chinacloudapi\.cn)\/?$/;

function isPrivateAuthority(host: string | undefined): boolean {
  return host !== undefined && host !== '' && !publicAuthority.test(host);
}

/** What went wrong, in one line, and what to do. */
function advice({ clientSecret }: EntraCredential, { name, message }: Error): string {
  // AADSTS7000215 and its like stand in the first line of what Entra says.
  const said = /AADSTS\d+[^\n]*/.exec(message)?.[0] ?? message.split('\n', 1)[0]!;
  if (clientSecret !== null) {
    return `Entra ID does not take the client secret (${said}); see tenantId, clientId and its end`;
  }
  if (name === 'AggregateAuthenticationError' || name === 'CredentialUnavailableError') {
    return (
      'nothing was found in this environment; set AZURE_CLIENT_ID, AZURE_TENANT_ID and ' +
      'AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE, run "az login", or give the machine a ' +
      'managed identity'
    );
  }
  return said;
}
