import { asOf } from '@entrepot/catalog/as-of';
import { formatUsdPerMtok } from '@entrepot/catalog/money';
import type { Offer } from '@entrepot/catalog/offer';
import { findOffers } from '@entrepot/catalog/query';
import type { Command, CommandInput, Output } from '../../command.ts';
import {
  catalogOptions,
  catalogOptionsHelp,
  cloudOf,
  dateOf,
  modelOf,
  openCatalog,
} from './arguments.ts';
import { left, right, table } from './table.ts';

export const offers: Command = {
  name: 'catalog offers',
  summary: 'List the offers of a model, a cloud or a day, with prices.',
  help: `Usage: entrepot catalog offers [options]

What could be bought on a day, at the prices of that day, in USD per million tokens.

  --model M       one model: openai/gpt-5.4, or gpt-5.4
${catalogOptionsHelp}

Example: entrepot catalog offers --model openai/o3 --as-of 2025-06-09`,
  options: catalogOptions,
  run,
};

const columns = [
  left('OFFER'),
  right('INPUT'),
  right('OUTPUT'),
  right('CACHED'),
  right('CONTEXT'),
  left(''),
];

async function run(input: CommandInput, output: Output): Promise<number> {
  const catalog = openCatalog(input);
  const market = asOf(catalog, dateOf(input));
  const cloud = cloudOf(input, catalog);
  const model = modelOf(input, catalog);
  const found = findOffers(market, {
    ...(cloud === null ? {} : { cloud }),
    ...(model === null ? {} : { model: model.id }),
  });
  if (input.values.json === true) {
    output.print(JSON.stringify({ asOf: market.date, offers: found }, null, 2));
    return 0;
  }
  output.print(table(columns, found.map(toCells)));
  const marks = '+ dearer above a size of input, * the sources disagree';
  output.note(`${found.length} offers as of ${market.date}. USD per million tokens; ${marks}.`);
  return 0;
}

function toCells(offer: Offer): readonly string[] {
  const { inputPicoUsd, outputPicoUsd, cachedReadPicoUsd, tiers } = offer.prices;
  return [
    offer.id,
    price(inputPicoUsd),
    price(outputPicoUsd),
    price(cachedReadPicoUsd),
    offer.contextTokens === null ? 'unknown' : String(offer.contextTokens),
    (tiers.length > 0 ? '+' : '') + (offer.conflicts.length > 0 ? '*' : ''),
  ];
}

function price(picoUsd: number | null): string {
  return picoUsd === null ? 'unknown' : formatUsdPerMtok(picoUsd);
}
