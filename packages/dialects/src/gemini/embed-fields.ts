// Fields of requests for vectors: their names, and those that this dialect has not.

import type { EmbedRequest } from '../embedding.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';

const names: Readonly<Record<string, string>> = {
  inputs: 'content',
  task: 'taskType',
  dimensions: 'outputDimensionality',
};

/** A path of the canonical request in the caller's words. */
export function embedFieldName(path: string): string {
  const field = path.replace(/^extensions\./, '');
  return Object.hasOwn(names, field) ? names[field]! : field;
}

/** The dialect's own fields; what others have is a loss. */
export function reportOthers(
  { extensions, user }: EmbedRequest,
  dialect: string,
  losses: Losses,
): JsonObject {
  if (user !== undefined) losses.add('user', 'there is no such field in this dialect');
  if (extensions === undefined) return {};
  if (extensions.dialect === dialect) return extensions.fields;
  for (const key of Object.keys(extensions.fields)) {
    losses.add(`extensions.${key}`, `only ${extensions.dialect} has this field`);
  }
  return {};
}
