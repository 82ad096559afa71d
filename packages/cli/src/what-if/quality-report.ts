// A report, and what must be said with it. Of quality: the same model on another cloud counts as
// equal. Where a case has requests answered by other models than the base, the report either has
// their scores, or says that a lower cost is not a saving yet.

import { type Quality, qualityOf } from '@entrepot/catalog/quality';
import type { Case } from '@entrepot/replay/what-if/case';
import { type Comparison, reportOf, type WhatIfReport } from '@entrepot/replay/what-if/report';
import { percent } from './figure-text.ts';

/** Of the answers of a case, by what is known of their models. */
export interface QualityFigure {
  /** Mean over the answers with a score, with the ends of their intervals; null without any. */
  readonly score: number | null;
  readonly least: number | null;
  readonly most: number | null;
  /** Answers whose models have no score. */
  readonly unknownShare: number;
}

export interface QualityReport extends WhatIfReport {
  /** By the name of the case, the base too. Empty without a file of qualities. */
  readonly quality: Readonly<Record<string, QualityFigure>>;
}

/** Less is luck: which of two offers of one route is tried first. */
const leastMoved = 0.001;

/** Throws RangeError as reportOf does. */
export function reportWithQuality(comparison: Comparison, quality: Quality | null): QualityReport {
  const report = reportOf(comparison);
  const { base, scenarios } = comparison;
  const answersOf = (one: Case): Answers => answers(comparison, one);
  const before = answersOf(base);
  const remarks = scenarios.flatMap(one => remarkOf(one, before, answersOf(one), quality) ?? []);
  const scored = quality === null ? [] : [base, ...scenarios];
  const figures = scored.map(one => [one.name, figureOf(answersOf(one), quality!)] as const);
  return {
    ...report,
    assumed: [...remarks, ...report.assumed],
    quality: Object.fromEntries(figures),
  };
}

/** Answers by the route and the model that they are of. */
interface Answer {
  readonly routes: readonly string[];
  readonly model: string;
  readonly share: number;
}
type Answers = readonly Answer[];

function answers({ results }: Comparison, one: Case): Answers {
  const counts = new Map<string, number>();
  let all = 0;
  for (const { caseName, stage, result } of results) {
    if (caseName !== one.name || stage !== 'whole') continue;
    for (const { id, answered } of result.deployments) {
      counts.set(id, (counts.get(id) ?? 0) + answered);
      all += answered;
    }
  }
  return [...counts].flatMap(([id, count]): Answer[] => {
    const among = one.routes.filter(route => route.deployments.some(d => d.id === id));
    const model = among[0]?.deployments.find(d => d.id === id)?.offer.model;
    if (model === undefined || count === 0) return [];
    return [{ routes: among.map(route => route.name), model, share: count / all }];
  });
}

/** By routes and model: what two routes exchange has moved all the same. */
function byWork(of: Answers): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { routes, model, share } of of) {
    const work = `${model} ${routes.join()}`;
    shares.set(work, (shares.get(work) ?? 0) + share);
  }
  return shares;
}

/** null where the same models answer as much as before. */
function remarkOf(
  { name }: Case,
  before: Answers,
  after: Answers,
  quality: Quality | null,
): string | null {
  const [was, is] = [byWork(before), byWork(after)];
  const changes = [...new Set([...was.keys(), ...is.keys()])].map(work => ({
    model: work.slice(0, work.indexOf(' ')),
    change: (is.get(work) ?? 0) - (was.get(work) ?? 0),
  }));
  const moved = changes.reduce((sum, { change }) => sum + Math.max(0, change), 0);
  if (moved < leastMoved) return null;
  const listed = (sign: number): string => {
    const meant = changes.filter(({ change }) => change * sign > leastMoved);
    return [...new Set(meant.map(({ model }) => model))].sort().join(', ');
  };
  const share = percent(Math.round(moved * 1000) / 1000);
  const what =
    `${name}: ${share} of answers come from other models than in the base ` +
    `(${listed(1)}, not ${listed(-1)})`;
  const [from, to] =
    quality === null ? [null, null] : [figureOf(before, quality), figureOf(after, quality)];
  if (from?.unknownShare === 0 && to?.unknownShare === 0) {
    return `${what}; their quality is ${figureText(to)}, that of the base ${figureText(from)}`;
  }
  return `${what}, and not all have a score: a lower cost is no saving until they have (--quality)`;
}

/** `0.81 (0.78 to 0.84)`. */
export function figureText({ score, least, most, unknownShare }: QualityFigure): string {
  const text = (value: number): string => String(Math.round(value * 1000) / 1000);
  if (score === null || least === null || most === null) return 'unknown';
  const rest = unknownShare === 0 ? '' : `, ${percent(unknownShare)} unknown`;
  return `${text(score)} (${text(least)} to ${text(most)}${rest})`;
}

function figureOf(of: Answers, quality: Quality): QualityFigure {
  const sums = { known: 0, score: 0, least: 0, most: 0 };
  for (const { routes, model, share } of of) {
    const scores = routes.map(route => qualityOf(quality, route, model));
    const known = scores.filter(score => score !== null);
    // A deployment of several routes: which of them its answers are of is not kept.
    if (known.length < scores.length || known.length === 0) continue;
    const mean = known.reduce((sum, { score }) => sum + score, 0) / known.length;
    sums.known += share;
    sums.score += share * mean;
    sums.least += share * Math.min(...known.map(({ least }) => least));
    sums.most += share * Math.max(...known.map(({ most }) => most));
  }
  const over = (sum: number): number | null => (sums.known === 0 ? null : sum / sums.known);
  return {
    score: over(sums.score),
    least: over(sums.least),
    most: over(sums.most),
    unknownShare: Math.max(0, Math.round((1 - sums.known) * 1e9) / 1e9),
  };
}
