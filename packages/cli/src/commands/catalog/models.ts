import { asOf } from '@entrepot/catalog/as-of';
import type { Model } from '@entrepot/catalog/catalog';
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

export const models: Command = {
  name: 'catalog models',
  summary: 'List the models of the catalog.',
  help: `Usage: entrepot catalog models [options]

The models that could be bought on a day, and how many offers of them on which clouds.

  --model M       one model: openai/gpt-5.4, or gpt-5.4
${catalogOptionsHelp}

Example: entrepot catalog models --cloud aws --as-of 2026-06-01`,
  options: catalogOptions,
  run,
};

const columns = [
  left('MODEL'),
  right('CONTEXT'),
  right('OUTPUT'),
  left('RELEASED'),
  right('OFFERS'),
  left('CLOUDS'),
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
  const byModel = Map.groupBy(found, offer => offer.model);
  const rows = [...byModel.keys()].sort().map(id => ({
    model: catalog.models.get(id)!,
    offers: byModel.get(id)!,
  }));
  if (input.values.json === true) {
    output.print(JSON.stringify({ asOf: market.date, models: rows.map(toJson) }, null, 2));
  } else {
    output.print(table(columns, rows.map(toCells)));
    output.note(`${rows.length} models as of ${market.date}.`);
  }
  return 0;
}

interface Row {
  readonly model: Model;
  readonly offers: readonly Offer[];
}

function cloudsOf(offers: readonly Offer[]): readonly string[] {
  return [...new Set(offers.map(offer => offer.cloud))].sort();
}

function toJson({ model, offers }: Row): unknown {
  return { ...model, offers: offers.length, clouds: cloudsOf(offers) };
}

function toCells({ model, offers }: Row): readonly string[] {
  return [
    model.id,
    model.contextTokens === null ? 'unknown' : String(model.contextTokens),
    model.maxOutputTokens === null ? unknownOutput(model) : String(model.maxOutputTokens),
    model.releasedOn ?? 'unknown',
    String(offers.length),
    cloudsOf(offers).join(', '),
  ];
}

/** An embedding has no output tokens: that is not a thing to be known. */
function unknownOutput(model: Model): string {
  return model.kind === 'embedding' ? '-' : 'unknown';
}
