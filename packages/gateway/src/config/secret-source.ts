// Where a secret is kept: `env:NAME`, `file:PATH`, or, with a warning, the text itself. Messages
// name the place and never the value.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from './target.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type FoundSecret =
  | { readonly secret: Secret; readonly literal: boolean }
  | { readonly problem: string };

/** `folder` is where relative paths begin: the folder of the configuration file. */
export function findSecret(text: string, env: Environment, folder: string): FoundSecret {
  if (text.startsWith('env:')) return fromEnvironment(text.slice(4), env);
  if (text.startsWith('file:')) return fromFile(resolve(folder, text.slice(5)));
  return checked(text, 'it', true);
}

function fromEnvironment(name: string, env: Environment): FoundSecret {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return { problem: 'must have the name of an environment variable after env:' };
  }
  const value = env[name];
  if (value === undefined) return { problem: `environment variable ${name} is not set` };
  return checked(value, `environment variable ${name}`, false);
}

function fromFile(path: string): FoundSecret {
  let value: string;
  try {
    value = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return { problem: `file ${path} cannot be read (${code ?? 'unknown error'})` };
  }
  return checked(value.trimEnd(), `file ${path}`, false);
}

/** A secret goes into a header, where a line break would begin another one. */
function checked(value: string, place: string, literal: boolean): FoundSecret {
  if (value.length === 0) return { problem: `${place} is empty` };
  if (!/^[!-~]+$/.test(value)) {
    return { problem: `${place} must be printable ASCII without spaces or line breaks` };
  }
  return { secret: new Secret(value), literal };
}
