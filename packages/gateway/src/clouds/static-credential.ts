// Credentials that are a fixed header: an API key or a bearer token.

import type { Target } from '../config/target.ts';
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

export function needsKey(target: Target): TargetProblem[] {
  const { type } = target.credential;
  if (type === 'api-key' || type === 'bearer') return [];
  const given = type === 'none' ? 'none' : 'aws';
  const message = `must be apiKey or bearer for ${target.cloud}, not ${given}`;
  return [{ field: 'credential', message }];
}

function idOf(target: Target): string {
  return JSON.stringify(target.deployment.id);
}
