import { resolve } from 'node:path';
import type { AwsEntry, CredentialEntry, EntraEntry } from './credential-schema.ts';
import type { Findings } from './findings.ts';
import { googleKeyFileProblem } from './google-key-file.ts';
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

  /** Where a file is, which is looked at, and not kept: who uses it reads it anew. */
  file(text: string, path: Path, problemOf: (file: string) => string | null): string | null {
    const file = resolve(this.#folder, text);
    const problem = problemOf(file);
    if (problem === null) return file;
    this.#findings.error(path, problem);
    return null;
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
  if (entry.google !== undefined) {
    const { keyFile: named } = entry.google;
    if (named === undefined) return { type: 'google-adc', keyFile: null };
    const at = [...path, 'google', 'keyFile'];
    const keyFile = secrets.file(named, at, googleKeyFileProblem);
    return keyFile === null ? null : { type: 'google-adc', keyFile };
  }
  if (entry.entra !== undefined) return resolveEntra(entry.entra, [...path, 'entra'], secrets);
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

/**
 * The scope of Azure OpenAI, which takes it at every endpoint. Another one is for sovereign clouds.
 * (learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity, seen 2026-11-24)
 */
const azureScope = 'https://cognitiveservices.azure.com/.default';

function resolveEntra(
  entry: EntraEntry,
  path: Path,
  secrets: CredentialResolver,
): Credential | null {
  const { tenantId = null, clientId = null, scope = azureScope } = entry;
  const named = entry.clientSecret;
  const secret = named === undefined ? null : secrets.secret(named, [...path, 'clientSecret']);
  if (named !== undefined && secret === null) return null;
  return { type: 'azure-entra', tenantId, clientId, clientSecret: secret, scope };
}
