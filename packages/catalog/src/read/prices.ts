import type { Fields } from '../fields.ts';
import type { Prices, PriceTier } from '../offer.ts';

const usdFields = ['input', 'output', 'cachedRead', 'cacheWrite5m', 'cacheWrite1h'];

/** The fields of a record that has prices: `usdPerMtok` and `tiers`. */
export const priceFields = ['usdPerMtok', 'tiers'] as const;

type Row = Omit<Prices, 'tiers'>;

/**
 * `{"usdPerMtok": {"input": 2.5, "output": 15}, "tiers": [{"aboveInputTokens": 272000,
 * "usdPerMtok": {...}}]}`. A price that is left out is unknown.
 */
export function readPrices(fields: Fields): Prices {
  const base = readRow(fields);
  let above = 0;
  const tiers = fields.objects('tiers', ['aboveInputTokens', 'usdPerMtok']).map(tier => {
    const row = readRow(tier);
    const aboveInputTokens = tier.countOrNull('aboveInputTokens') ?? 0;
    if (aboveInputTokens <= above) {
      tier.problem('aboveInputTokens', `must be above ${above}, not ${aboveInputTokens}`);
    }
    above = aboveInputTokens;
    return readTier(tier, aboveInputTokens, row);
  });
  return { ...base, tiers };
}

function readTier(fields: Fields, aboveInputTokens: number, row: Row): PriceTier {
  const { inputPicoUsd, outputPicoUsd } = row;
  if (inputPicoUsd === null || outputPicoUsd === null) {
    fields.problem('usdPerMtok', 'a tier must have both input and output');
  }
  return {
    ...row,
    aboveInputTokens,
    inputPicoUsd: inputPicoUsd ?? 0,
    outputPicoUsd: outputPicoUsd ?? 0,
  };
}

function readRow(fields: Fields): Row {
  const usd = fields.object('usdPerMtok', usdFields);
  return {
    inputPicoUsd: usd.usdPerMtok('input'),
    outputPicoUsd: usd.usdPerMtok('output'),
    cachedReadPicoUsd: usd.usdPerMtok('cachedRead'),
    cacheWrite5mPicoUsd: usd.usdPerMtok('cacheWrite5m'),
    cacheWrite1hPicoUsd: usd.usdPerMtok('cacheWrite1h'),
  };
}
