// Items of a request that stand for items of kept answers: which they are, and what to put in their
// place.

import { isObject, type JsonObject, parseJsonObject, parseJsonText } from '../json.ts';
import { placeOf } from '../utf8.ts';
import { asForeign, itemsOfInput } from './earlier-turns.ts';

export interface KeptItem {
  /** JSON of the item, as it stood in the answer. */
  readonly item: string;
  /** Where the answer was made. */
  readonly deployment: string;
}

const type = 'item_reference';

/** The ids that the body of a request refers to, each once. Throws DialectError for no JSON. */
export function referencesIn(body: Uint8Array): readonly string[] {
  if (placeOf(`"${type}"`, body) === -1) return [];
  const { input } = parseJsonObject(body, 'invalid_request');
  return [...new Set(itemsOfInput(input).flatMap(item => referenceOf(item) ?? []))];
}

/** The items with those in the place of references that are known. */
export function withItems(
  items: readonly JsonObject[],
  known: ReadonlyMap<string, KeptItem>,
  deployment: string | null,
): JsonObject[] {
  return items.flatMap(item => {
    const kept = known.get(referenceOf(item) ?? '');
    if (kept === undefined) return [item];
    const whole = parseJsonText(kept.item, 'upstream') as JsonObject;
    const isForeign = deployment !== null && deployment !== kept.deployment;
    return isForeign ? asForeign(whole) : [whole];
  });
}

function referenceOf(item: unknown): string | null {
  if (!isObject(item) || item.type !== type) return null;
  return typeof item.id === 'string' ? item.id : null;
}
