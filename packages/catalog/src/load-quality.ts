// The file of qualities: source, seenOn, and a list of scores.

import type { CatalogFile } from './catalog.ts';
import type { Fields } from './fields.ts';
import { CatalogError } from './problem.ts';
import type { Quality, QualityScore } from './quality.ts';
import { ScenarioDocument } from './read/scenario-document.ts';
import { readAmount, readRange } from './read/world-numbers.ts';

const scoreFields = ['route', 'model', 'score', 'interval', 'pairs'];

/** Throws CatalogError with all that is wrong with it. */
export function loadQuality(file: CatalogFile): Quality {
  const document = new ScenarioDocument(file);
  const root = document.root(['source', 'seenOn', 'scores']);
  const scores = document.list(['scores'], scoreFields).map(readScore);
  const seen = new Set<string>();
  for (const { place, route, model } of scores) {
    const key = `${route ?? ''} ${model}`;
    if (seen.has(key)) {
      document.problems.push({ ...place, field: 'model', message: `${model} is scored twice` });
    }
    seen.add(key);
  }
  const quality = { source: root.text('source'), seenOn: root.date('seenOn'), scores };
  if (document.problems.length > 0) throw new CatalogError(document.problems);
  return quality;
}

function readScore(fields: Fields): QualityScore {
  const score = readAmount(fields, 'score');
  const whole = { least: 0, most: 1 };
  if (!fields.has('interval')) {
    fields.problem('interval', 'must be [least, most]: a score without one says too much');
  }
  const { least, most } = readRange(fields, 'interval', whole, whole);
  if (score < least || score > most) {
    fields.problem('score', `must lie in its interval [${least}, ${most}], not ${score}`);
  }
  return {
    place: fields.place,
    route: fields.textOrNull('route'),
    model: fields.text('model'),
    score,
    least,
    most,
  };
}
