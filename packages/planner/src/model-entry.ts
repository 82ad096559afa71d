// A model of catalog/model-shapes.jsonl: its shape, the names it goes by, and where the shape is
// from; and how a name is found among them.

import type { Provenance } from '@entrepot/catalog/offer';
import type { ServedShape } from './served-shape.ts';

export interface ModelEntry extends Provenance {
  /** `vendor/name`. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly shape: ServedShape;
  /** A second source that has the same figures; null: none was found. */
  readonly verified: Provenance | null;
}

/** Words that say how a checkpoint is tuned or stored, not which shape it has. */
const variants =
  /[-_](instruct|chat|hf|it|base|thinking|dynamic|preview|fp8|nvfp4|mxfp4|fp4|bf16|int4|int8|awq|gptq|w4a16|w8a8|block|\d+e|a?17b|2507|2512|0711|0905)(?=$|[-_])/g;

/** A model's name without its vendor and what does not change its shape: to compare names by. */
export function modelKey(name: string): string {
  const bare = name.toLowerCase().slice(name.lastIndexOf('/') + 1);
  return bare
    .replace(/^(meta|nvidia|amd)-/, '')
    .replace(variants, '')
    .replace(/[-_ ]+/g, '-')
    .replace(/^llama-?v?(?=\d)/, 'llama-')
    .replace(/-v(?=\d)/, '-')
    .replace(/-$/, '');
}

/** The entry of a name in any of its spellings, or null. */
export function findModelEntry(entries: readonly ModelEntry[], name: string): ModelEntry | null {
  const exact = entries.find(e => e.id === name || e.aliases.includes(name));
  if (exact !== undefined) return exact;
  const key = modelKey(name);
  const same = (e: ModelEntry): boolean => [e.id, ...e.aliases].some(n => modelKey(n) === key);
  return entries.find(same) ?? null;
}
