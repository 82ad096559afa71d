// The search that is measured: Llama 3.1 405B, 16 M tokens a step, on 16,384 chips of one kind.

import { readFileSync } from 'node:fs';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { type Chip, chipOf } from '@entrepot/planner/chip';
import type { TrainingJob } from '@entrepot/planner/layout';
import { searchLayouts } from '@entrepot/planner/search/search';
import { parametersFor } from '@entrepot/planner/train/fitted';
import { type Ground, groundOf } from '@entrepot/planner/train/ground';
import { readFitted } from '@entrepot/planner/train/read-fitted';
import { usualFramework } from '@entrepot/planner/train/stack';
import type { Searched } from './search-worker.ts';

const chips = 16_384;
const job: TrainingJob = {
  model: {
    name: 'llama-3.1-405b',
    layers: 126,
    hidden: 16384,
    heads: 128,
    kvHeads: 8,
    headDim: 128,
    ffn: 53248,
    gated: true,
    vocab: 128256,
    tied: false,
    latent: null,
    window: null,
    fullAttentionEvery: 1,
    experts: null,
  },
  sequence: 8192,
  globalBatch: 2048,
  precision: 'bf16',
  frozenBase: false,
};

const text = (name: string): string =>
  readFileSync(new URL(`../../catalog/${name}`, import.meta.url), 'utf8');
const fitted = readFitted(text('training-parameters.json'));
const kinds: ReadonlyMap<string, Chip> = new Map(
  readAccelerators('accelerators.json', text('accelerators.json'), []).map(a => [a.id, chipOf(a)]),
);

function ground(chip: Chip): Ground | null {
  const framework = usualFramework(chip.family);
  const setting = { chip, framework, date: '2026-08', format: 'bf16' };
  const found = groundOf(job, chip, parametersFor(fitted, setting));
  return 'missing' in found ? null : found;
}

/** Kinds of which enough is known. */
export function searchableChips(): string[] {
  return [...kinds.values()].filter(chip => ground(chip) !== null).map(chip => chip.id);
}

/** Searches all layouts on one kind. */
export function searchOn(id: string): Searched {
  const on = ground(kinds.get(id)!)!;
  const from = performance.now();
  const { considered, best } = searchLayouts(on, chips);
  const seconds = (performance.now() - from) / 1000;
  return { id, layouts: considered, seconds, bestStepSeconds: best[0]?.seconds ?? null };
}
