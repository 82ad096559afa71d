// A backtest as rows of text, for the terminal and for docs/backtest.md.

import { formatUsd } from '@entrepot/catalog/money';
import type { Backtest, Bought, CloudRow } from './backtest.ts';
import type { MeanError, Score } from './score.ts';

export const headings: readonly string[] = [
  'MODEL',
  'CLOUD',
  'UNCHANGED',
  'PREDICTED',
  'CAME',
  'ERROR',
  'PREMIUM PREDICTED',
  'CAME',
];

/** One row for each model at each cloud. */
export function rowsOf({ models }: Backtest): readonly (readonly string[])[] {
  return models.flatMap(({ predictedModel, actualModel, clouds }) => {
    const name =
      predictedModel === actualModel ? predictedModel : `${predictedModel} -> ${actualModel}`;
    return clouds.map(row => [
      name,
      row.cloud,
      cost(row.unchanged),
      cost(row.predicted),
      cost(row.actual),
      errorOf(row),
      premium(row.predicted),
      premium(row.actual),
    ]);
  });
}

/** What came otherwise than predicted beside the price: regions, dialects, context. */
export function differences({ models }: Backtest): readonly string[] {
  return models.flatMap(({ predictedModel, clouds }) =>
    clouds.flatMap(({ cloud, predicted, actual }) => {
      if (predicted === null || actual === null) return [];
      const parts = [
        differ('regions', predicted.regions.join(', '), actual.regions.join(', ')),
        differ('dialects', predicted.dialects.join(', '), actual.dialects.join(', ')),
        differ('context', String(predicted.contextTokens), String(actual.contextTokens)),
      ].filter(part => part !== null);
      return parts.length === 0 ? [] : `${predictedModel} at ${cloud}: ${parts.join('; ')}`;
    }),
  );
}

export function describeScore(score: Score): readonly string[] {
  const { places, availabilityRight, unchangedAvailabilityRight } = score;
  const error = ({ places: of, mean }: MeanError, unit: string): string =>
    mean === null ? 'unknown' : `mean error ${rounded(mean)}${unit} at ${of} places`;
  return [
    `Who sells: right for ${availabilityRight} of ${places}; that nothing changes, ` +
      `for ${unchangedAvailabilityRight}.`,
    `Price: ${error(score.price, '%')}; that nothing changes, ${error(score.unchangedPrice, '%')}.`,
    `Above the vendor's own price: ${error(score.premium, ' points')}.`,
  ];
}

function differ(what: string, said: string, came: string): string | null {
  return said === came ? null : `${what} predicted ${said}, came ${came}`;
}

function cost(bought: Bought | null): string {
  if (bought === null) return 'not sold';
  const cents = Math.round(bought.nanoUsd / 1e7) * 1e7;
  return `$${formatUsd(cents)}`;
}

function errorOf({ predicted, actual, error }: CloudRow): string {
  if (error !== null) return signed(error);
  return (predicted === null) === (actual === null) ? '' : 'wrong';
}

function premium(bought: Bought | null): string {
  const over = bought?.premium ?? null;
  return over === null ? '' : signed(over);
}

function signed(share: number): string {
  const value = rounded(share);
  return `${value > 0 ? '+' : ''}${value === 0 ? 0 : value}%`;
}

/** In per cent, with one decimal. */
function rounded(share: number): number {
  return Math.round(share * 1000) / 10;
}
