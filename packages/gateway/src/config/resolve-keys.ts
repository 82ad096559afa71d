// The keys of callers: only their hashes go on.

import { hash } from 'node:crypto';
import type { KeyHash } from '../keys.ts';
import type { Findings } from './findings.ts';
import type { ParsedConfig } from './parse-config.ts';
import { type Environment, findSecret } from './secret-source.ts';
import type { Path } from './yaml-source.ts';

/** Below this a key can be guessed. */
const shortKey = 16;

/** null where the file says that no key is asked for. */
export function resolveKeys(
  parsed: ParsedConfig,
  env: Environment,
  folder: string,
  findings: Findings,
): readonly KeyHash[] | null {
  const { keys, auth, listen } = parsed;
  if (auth === 'none') {
    if (keys.count > 0) findings.error(['auth'], 'is none, but there are keys; remove one of them');
    if (!['127.0.0.1', '::1', 'localhost'].includes(listen.host)) {
      findings.warn(['auth'], `whoever reaches ${listen.host} can use this gateway`);
    }
    return null;
  }
  if (keys.count === 0) {
    findings.error(['keys'], 'must have at least one key (or say auth: none at the top level)');
  }
  const names = new Map<string, Path>();
  const nameOfHash = new Map<string, string>();
  return keys.entries.flatMap(({ path, value: { name, key } }) => {
    findings.claim(names, name, [...path, 'name']);
    const at = [...path, 'key'];
    const found = findSecret(key, env, folder);
    if ('problem' in found) {
      findings.error(at, found.problem);
      return [];
    }
    const text = found.secret.reveal();
    if (found.literal) findings.warn(at, 'stands in the file; prefer env:NAME or file:PATH');
    if (text.length < shortKey) findings.warn(at, `is short; use ${shortKey} characters or more`);
    const sha256 = hash('sha256', text);
    const other = nameOfHash.get(sha256);
    if (other !== undefined) findings.error(at, `is the same key as that of ${other}`);
    nameOfHash.set(sha256, name);
    return [{ name, sha256 }];
  });
}
