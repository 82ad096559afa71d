// How well models do the work of a route, as the operator has measured it: scores from 0 to 1 with
// the interval in which they lie. What is not in the file is unknown.

import type { Place } from './fields.ts';
import type { Provenance } from './offer.ts';

export interface QualityScore {
  readonly place: Place;
  /** null: for every route. */
  readonly route: string | null;
  readonly model: string;
  readonly score: number;
  readonly least: number;
  readonly most: number;
}

export interface Quality extends Provenance {
  readonly scores: readonly QualityScore[];
}

/** The score of a model for a route, or else for every route; null is unknown. */
export function qualityOf(quality: Quality, route: string, model: string): QualityScore | null {
  const scores = quality.scores.filter(score => score.model === model);
  return (
    scores.find(score => score.route === route) ??
    scores.find(score => score.route === null) ??
    null
  );
}
