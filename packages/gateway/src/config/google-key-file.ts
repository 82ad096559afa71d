// A key file for Google, as far as it can be judged before it is used: there, JSON, and of a type
// that google-auth-library takes. Messages never show what is in it.

import { readFileSync } from 'node:fs';

/** Types of credential files. (google.aip.dev/auth/4110, seen 2026-11-24) */
const types: readonly string[] = [
  'service_account',
  'authorized_user',
  'external_account',
  'external_account_authorized_user',
  'impersonated_service_account',
  'gdch_service_account',
];

/** What is wrong with the file; null when nothing is seen to be. */
export function googleKeyFileProblem(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return `file ${file} cannot be read (${code ?? 'unknown error'})`;
  }
  const type = typeIn(text);
  if (type === undefined)
    return `file ${file} is not JSON with a "type", as Google's key files are`;
  if (types.includes(type)) return null;
  return `file ${file} is of a type that is not known; known: ${types.join(', ')}`;
}

function typeIn(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as { type?: unknown } | null;
    return typeof value?.type === 'string' ? value.type : undefined;
  } catch {
    return undefined;
  }
}
