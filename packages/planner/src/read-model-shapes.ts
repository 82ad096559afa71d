// Reads catalog/model-shapes.jsonl: a model a line, checked field by field.

import { Fields, type Place } from '@entrepot/catalog/fields';
import { CatalogError, type Problem } from '@entrepot/catalog/problem';
import { readLines } from '@entrepot/catalog/read/lines';
import type { ModelEntry } from './model-entry.ts';
import type { Experts, LatentAttention } from './model-shape.ts';
import type { LinearAttention, ServedShape, SparseAttention } from './served-shape.ts';

export const modelShapesFile = 'model-shapes.jsonl';

const counts = ['layers', 'hidden', 'heads', 'kvHeads', 'headDim', 'ffn', 'vocab'] as const;
const flags = ['gated', 'tied', 'gatedAttention', 'biasedExperts'] as const;
const parts = ['latent', 'window', 'fullAttentionEvery', 'experts', 'linear', 'sparse'];
const verifying = ['verifiedAt', 'verifiedOn'];
const known = ['id', 'aliases', ...counts, ...flags, ...parts, 'source', 'seenOn', ...verifying];
const latentFields = ['queryRank', 'keyValueRank', 'plainDim', 'rotaryDim', 'valueDim'] as const;
const expertFields = ['count', 'topK', 'ffn', 'shared', 'firstDenseLayers', 'every'] as const;
const linearFields = ['fullAttentionEvery', 'keyHeads', 'valueHeads', 'headDim'] as const;
const sparseFields = ['topK', 'indexHeads', 'indexDim'] as const;

/** The models of a file's text. Throws CatalogError with all problems. */
export function readModelShapes(text: string, file: string = modelShapesFile): ModelEntry[] {
  const problems: Problem[] = [];
  const entries = readLines(file, text, problems, (value, place) => {
    return readEntry(value, place, problems);
  });
  if (problems.length > 0) throw new CatalogError(problems);
  return entries;
}

function readEntry(value: unknown, place: Place, problems: Problem[]): ModelEntry {
  const fields = new Fields(value, known, place, problems);
  const id = fields.text('id');
  const count = (name: (typeof counts)[number]): number => whole(fields, name, 1);
  const shape: ServedShape = {
    name: id.slice(id.indexOf('/') + 1),
    layers: count('layers'),
    hidden: count('hidden'),
    heads: count('heads'),
    kvHeads: count('kvHeads'),
    headDim: count('headDim'),
    ffn: count('ffn'),
    gated: fields.flagOrNull('gated') ?? true,
    vocab: count('vocab'),
    tied: fields.flagOrNull('tied') ?? false,
    latent: group<LatentAttention>(fields, 'latent', latentFields),
    window: fields.countOrNull('window'),
    fullAttentionEvery: whole(fields, 'fullAttentionEvery', 1),
    experts: group<Experts>(fields, 'experts', expertFields),
    linear: group<LinearAttention>(fields, 'linear', linearFields),
    sparse: group<SparseAttention>(fields, 'sparse', sparseFields),
    gatedAttention: fields.flagOrNull('gatedAttention') ?? false,
    biasedExperts: fields.flagOrNull('biasedExperts') ?? false,
  };
  return {
    id,
    aliases: fields.texts('aliases'),
    shape,
    source: fields.text('source'),
    seenOn: fields.date('seenOn'),
    verified: fields.has('verifiedAt')
      ? { source: fields.text('verifiedAt'), seenOn: fields.date('verifiedOn') }
      : null,
  };
}

function whole(fields: Fields, name: string, least: number): number {
  const value = fields.raw(name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  fields.problem(name, `must be a whole number from ${least} up`);
  return 1;
}

/** A part of whole numbers, some of which may be 0; null where the model has no such part. */
function group<T>(fields: Fields, name: string, names: readonly (keyof T & string)[]): T | null {
  if (!fields.has(name)) return null;
  const inner = fields.object(name, names);
  return Object.fromEntries(names.map(n => [n, whole(inner, n, 0)])) as T;
}
