// What the path of a request says where its body does not.

import type { PathFields } from './dialect.ts';
import { badField } from './json.ts';

/** Throws DialectError (invalid_request): the body alone does not say the model. */
export function pathOf(path: PathFields | undefined): PathFields {
  if (path === undefined || path.model === '') throw badField('modelId', 'it is required');
  return path;
}
