// How good a prediction was, in a few figures, with the one that nothing changes beside it.

import type { Backtest, CloudRow } from './backtest.ts';

export interface Score {
  /** Models at clouds that were predicted to sell them, or then did. */
  readonly places: number;
  /** Of these, how often it was right that the cloud sells it or not. */
  readonly availabilityRight: number;
  readonly unchangedAvailabilityRight: number;
  readonly price: MeanError;
  /** Of the places that sold the model already: nothing else has a price. */
  readonly unchangedPrice: MeanError;
  /** Of how far the price is above the vendor's own, at other clouds, in points (0.1 is ten). */
  readonly premium: MeanError;
}

/** Mean of |predicted / actual - 1| over the places where both have a price. */
export interface MeanError {
  readonly places: number;
  /** null where there is none. */
  readonly mean: number | null;
}

export function scoreOf({ models }: Backtest): Score {
  const rows = models.flatMap(model => model.clouds);
  const right = (of: (row: CloudRow) => unknown): number =>
    rows.filter(row => (of(row) === null) === (row.actual === null)).length;
  const others = models.flatMap(({ actualModel, clouds }) =>
    clouds.filter(({ cloud }) => !actualModel.startsWith(`${cloud}/`)),
  );
  return {
    places: rows.length,
    availabilityRight: right(row => row.predicted),
    unchangedAvailabilityRight: right(row => row.unchanged),
    price: meanError(rows.map(({ error }) => error)),
    unchangedPrice: meanError(
      rows.map(({ unchanged, actual }) =>
        unchanged === null || actual === null ? null : unchanged.nanoUsd / actual.nanoUsd - 1,
      ),
    ),
    premium: meanError(
      others.map(({ predicted, actual }) => {
        const [said, came] = [predicted?.premium ?? null, actual?.premium ?? null];
        return said === null || came === null ? null : said - came;
      }),
    ),
  };
}

function meanError(errors: readonly (number | null)[]): MeanError {
  const known = errors.filter(error => error !== null);
  const sum = known.reduce((total, error) => total + Math.abs(error), 0);
  return { places: known.length, mean: known.length === 0 ? null : sum / known.length };
}
