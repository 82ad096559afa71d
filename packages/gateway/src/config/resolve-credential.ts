import type { Findings } from './findings.ts';
import type { AwsEntry, CredentialEntry } from './schema.ts';
import { type Environment, findSecret } from './secret-source.ts';
import type { Credential, Secret } from './target.ts';
import type { Path } from './yaml-source.ts';

/** Finds secrets and notes those that are missing or stand in the file itself. */
export class CredentialResolver {
  readonly #env: Environment;
  readonly #folder: string;
  readonly #findings: Findings;

  constructor(env: Environment, folder: string, findings: Findings) {
    this.#env = env;
    this.#folder = folder;
    this.#findings = findings;
  }

  secret(text: string, path: Path): Secret | null {
    return this.#find(text, path, true);
  }

  /** An access key id is a name: in the file it needs no warning. */
  name(text: string, path: Path): string | null {
    return this.#find(text, path, false)?.reveal() ?? null;
  }

  #find(text: string, path: Path, isSecret: boolean): Secret | null {
    const found = findSecret(text, this.#env, this.#folder);
    if ('problem' in found) {
      this.#findings.error(path, found.problem);
      return null;
    }
    if (found.literal && isSecret) {
      this.#findings.warn(path, 'stands in the file; prefer env:NAME or file:PATH');
    }
    return found.secret;
  }
}

/** null when a part of it cannot be found. */
export function resolveCredential(
  entry: CredentialEntry | 'none',
  path: Path,
  secrets: CredentialResolver,
): Credential | null {
  if (entry === 'none') return { type: 'none' };
  if (entry.apiKey !== undefined) {
    const key = secrets.secret(entry.apiKey, [...path, 'apiKey']);
    return key === null ? null : { type: 'api-key', key };
  }
  if (entry.bearer !== undefined) {
    const token = secrets.secret(entry.bearer, [...path, 'bearer']);
    return token === null ? null : { type: 'bearer', token };
  }
  return resolveAws(entry.aws ?? {}, [...path, 'aws'], secrets);
}

function resolveAws(entry: AwsEntry, path: Path, secrets: CredentialResolver): Credential | null {
  if (entry.accessKeyId === undefined || entry.secretAccessKey === undefined) {
    return { type: 'aws-chain', profile: entry.profile ?? null };
  }
  const accessKeyId = secrets.name(entry.accessKeyId, [...path, 'accessKeyId']);
  const secretAccessKey = secrets.secret(entry.secretAccessKey, [...path, 'secretAccessKey']);
  const token = entry.sessionToken;
  const sessionToken =
    token === undefined ? null : secrets.secret(token, [...path, 'sessionToken']);
  if (accessKeyId === null || secretAccessKey === null) return null;
  if (token !== undefined && sessionToken === null) return null;
  return { type: 'aws-keys', accessKeyId, secretAccessKey, sessionToken };
}
