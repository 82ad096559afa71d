// Credentials that are a fixed header: an API key or a bearer token.

import type { Credential, Target } from '../config/target.ts';
import type { Call, TargetProblem } from './cloud.ts';

/** Name and value; an API key goes under the cloud's own header name, a token as Bearer. */
export function credentialHeader(target: Target, apiKeyHeader: string): readonly string[] {
  const { credential } = target;
  if (credential.type === 'bearer') return ['authorization', `Bearer ${credential.token.reveal()}`];
  if (credential.type !== 'api-key') throw new Error(`no key for deployment ${idOf(target)}`);
  const key = credential.key.reveal();
  return [apiKeyHeader, apiKeyHeader === 'authorization' ? `Bearer ${key}` : key];
}

export function withHeaders(call: Call, headers: readonly string[]): Call {
  return { ...call, headers: call.headers.concat(headers) };
}

/** The fields of a credential in the configuration. */
export type CredentialField = 'apiKey' | 'bearer' | 'aws' | 'google' | 'entra' | 'none';

const fieldOf: Readonly<Record<Credential['type'], CredentialField>> = {
  'api-key': 'apiKey',
  bearer: 'bearer',
  'aws-chain': 'aws',
  'aws-keys': 'aws',
  'google-adc': 'google',
  'azure-entra': 'entra',
  none: 'none',
};

/** A problem where the target's credential is none that its cloud takes. */
export function needsCredential(
  target: Target,
  taken: readonly CredentialField[],
): TargetProblem[] {
  const field = fieldOf[target.credential.type];
  if (taken.includes(field)) return [];
  const list = `${taken.slice(0, -1).join(', ')} or ${taken.at(-1)}`;
  return [{ field: 'credential', message: `must be ${list} for ${target.cloud}, not ${field}` }];
}

export function needsKey(target: Target): TargetProblem[] {
  return needsCredential(target, ['apiKey', 'bearer']);
}

function idOf(target: Target): string {
  return JSON.stringify(target.deployment.id);
}
