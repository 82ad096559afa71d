// Fields that only the caller's dialect knows, before an upstream: of that dialect, which gets them
// as they are, or of another, where each is a loss by its own name.

import { isObject, type JsonObject } from './json.ts';
import type { Losses } from './losses.ts';

export interface Extensions {
  readonly dialect: string;
  readonly fields: JsonObject;
}

/** Objects that hold fields of many kinds, by their names in the caller's dialect. */
const holders: ReadonlySet<string> = new Set([
  'generationConfig',
  'generationConfig.thinkingConfig',
]);

/** An object with nothing in it says nothing, but where it turns something on. */
const saysEmpty = 'web_search_options';

/** The fields for an upstream of `dialect`. */
export function ownFields(
  extensions: Extensions | undefined,
  dialect: string,
  losses: Losses,
): JsonObject {
  if (extensions === undefined) return {};
  if (extensions.dialect === dialect) return extensions.fields;
  const reason = `only ${extensions.dialect} has this field`;
  for (const name of namesIn(extensions.fields, '')) losses.add(`extensions.${name}`, reason);
  return {};
}

function namesIn(fields: JsonObject, path: string): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const name = `${path}${key}`;
    if (!isObject(value)) return [name];
    if (holders.has(name)) return namesIn(value, `${name}.`);
    return Object.keys(value).length === 0 && name !== saysEmpty ? [] : [name];
  });
}
