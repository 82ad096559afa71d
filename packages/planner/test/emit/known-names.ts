// What was found of engines' names in their own sources: see tools/validators/write-known-names.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KnownNames {
  /** Repository, commit and folder. */
  readonly source: string;
  readonly seenOn: string;
  readonly names: readonly string[];
}

export const knownNames: Readonly<Record<string, KnownNames>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'known-names.json'), 'utf8'),
) as Record<string, KnownNames>;
