// Access tokens from Google's official library: Application Default Credentials (a key file that
// the environment names, gcloud's own, a metadata server) or those of a given key file, which may
// be a service account, an authorized user or a workload identity.

import { readFile } from 'node:fs/promises';
import type { AuthClient, JWTInput } from 'google-auth-library';
import type { AccessToken } from '../access-token.ts';

/** Gives a new token; `keyFile` null takes what the environment says. */
export type GoogleTokenSource = (keyFile: string | null) => Promise<AccessToken>;

/** (docs.cloud.google.com/docs/authentication/rest, seen 2026-11-24) */
const scope = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * The library is loaded when it is first needed. It is begun anew each time: holding is done by
 * HeldCredentials, and a changed key file is seen.
 */
export const googleTokens: GoogleTokenSource = async keyFile => {
  try {
    const client = await clientOf(keyFile);
    // An identity may ask for more than the token: the project that its quota is taken from.
    const headers = await client.getRequestHeaders();
    const endMs = client.credentials.expiry_date;
    if (endMs == null) throw new Error('the token came without its end');
    return { headers: [...headers].flat(), expiration: new Date(endMs) };
  } catch (cause) {
    throw new Error(advice(keyFile, (cause as Error).message), { cause });
  }
};

/**
 * The library wants the client of a key file to be made by its type, and warns of each other way:
 * the file says where it will be sent. A workload identity does so at an address of its own, so
 * that its warning stands.
 */
async function clientOf(keyFile: string | null): Promise<AuthClient> {
  const { GoogleAuth, JWT, UserRefreshClient } = await import('google-auth-library');
  const scopes = [scope];
  if (keyFile === null) return await new GoogleAuth({ scopes }).getClient();
  const file = JSON.parse(await readFile(keyFile, 'utf8')) as JWTInput;
  if (file.type !== 'service_account' && file.type !== 'authorized_user') {
    return await new GoogleAuth({ scopes, keyFilename: keyFile }).getClient();
  }
  const client = file.type === 'service_account' ? new JWT({ scopes }) : new UserRefreshClient();
  client.fromJSON(file);
  return client;
}

/** What went wrong, in one line, and what to do. */
function advice(keyFile: string | null, said: string): string {
  if (said.startsWith('Could not load the default credentials')) {
    return (
      'nothing was found in this environment; set credential.google.keyFile or ' +
      'GOOGLE_APPLICATION_CREDENTIALS to a key file, run "gcloud auth application-default login", ' +
      'or run where there is a metadata server'
    );
  }
  const [first = ''] = said.split('\n', 1);
  const whose = keyFile === null ? 'the default credentials' : `key file ${keyFile}`;
  if (/invalid_grant|invalid_client|unauthorized_client/.test(said)) {
    const todo =
      'make a new key (or log in again), and see that the clock of this machine is right';
    return `Google does not take ${whose} (${first}); ${todo}`;
  }
  return `${whose}: ${first}`;
}
