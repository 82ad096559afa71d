// Names of tools. They come back in the answer, which is written without a look at the request, so
// that a name that the service refuses cannot be replaced.

import { DialectError } from '../dialect.ts';
import { toolNamePattern } from './block-decode.ts';

/** Throws DialectError (unsupported) with the field for a name that the service refuses. */
export function checkToolName(name: string, field: string): void {
  if (toolNamePattern.test(name)) return;
  const message = "A tool's name is 1 to 64 letters, digits, hyphens and underscores here.";
  throw new DialectError({ class: 'unsupported', message, field });
}
