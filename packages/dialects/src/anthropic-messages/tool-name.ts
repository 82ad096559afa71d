// Names of tools. They come back in the answer, which is written without a look at the request, so
// that a name that the API refuses cannot be replaced.

import { DialectError } from '../dialect.ts';

const allowed = /^[a-zA-Z0-9_-]{1,128}$/;

/** Throws DialectError (unsupported) with the field for a name that the API refuses. */
export function checkToolName(name: string, field: string): void {
  if (allowed.test(name)) return;
  const message = "A tool's name is 1 to 128 letters, digits, hyphens and underscores here.";
  throw new DialectError({ class: 'unsupported', message, field });
}
