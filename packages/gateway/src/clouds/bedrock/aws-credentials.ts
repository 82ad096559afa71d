// Credentials from the official AWS chain: environment, profile, SSO, web identity, container,
// instance.

import type { AwsCredentials } from './sign-request.ts';

/** Gives credentials; `profile` null takes what the environment says. */
export type CredentialSource = (profile: string | null) => Promise<AwsCredentials>;

/** The chain is loaded when it is first needed: no one else pays for its many modules. */
export const awsChain: CredentialSource = async profile => {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  // Without `ignoreCache` a changed credentials file would be seen only after a restart.
  return fromNodeProviderChain({ ...(profile === null ? {} : { profile }), ignoreCache: true })();
};
