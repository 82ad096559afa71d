// What a sample found, as the file that `what-if --quality` reads.

import type { Compared } from './sample-tally.ts';

export interface QualityFileOptions {
  readonly judge: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** As the route's own model is the measure of the others, it has 0.5. */
export function qualityFile(
  compared: readonly Compared[],
  { judge, date }: QualityFileOptions,
): string {
  const pairs = compared.reduce((sum, one) => sum + one.pairs, 0);
  const measured = compared.map(({ route, model, score, least, most, pairs: of }) =>
    line(route, model, score, [least, most], `, pairs: ${of}`),
  );
  const isMeasured = (route: string, model: string): boolean =>
    compared.some(one => one.route === route && one.model === model);
  const measures = new Map(
    compared.flatMap(({ route, against }) =>
      against
        .filter(model => !isMeasured(route, model))
        .map(model => [`${route} ${model}`, line(route, model, 0.5, [0.5, 0.5], '')] as const),
    ),
  );
  return [
    "# How often an answer is preferred to that of the route's own model, a tie being half: 0.5 is as",
    '# good. Intervals hold 90 %.',
    `source: ${JSON.stringify(`what-if sample, judged by the route ${judge}, ${pairs} pairs`)}`,
    `seenOn: ${date}`,
    'scores:',
    ...measures.values(),
    ...measured,
    '',
  ].join('\n');
}

function line(
  route: string,
  model: string,
  score: number,
  [least, most]: readonly [number, number],
  rest: string,
): string {
  const round = (value: number): number => Math.round(value * 10_000) / 10_000;
  const names = `route: ${JSON.stringify(route)}, model: ${JSON.stringify(model)}`;
  const interval = `[${Math.floor(least * 10_000) / 10_000}, ${Math.ceil(most * 10_000) / 10_000}]`;
  return `  - { ${names}, score: ${round(score)}, interval: ${interval}${rest} }`;
}
