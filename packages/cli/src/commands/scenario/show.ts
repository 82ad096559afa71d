import { asOf } from '@entrepot/catalog/as-of';
import { compose } from '@entrepot/catalog/compose';
import { type MarketDiff, marketDiff } from '@entrepot/catalog/market-diff';
import { formatUsdPerMtok } from '@entrepot/catalog/money';
import type { Offer } from '@entrepot/catalog/offer';
import type { Scenario } from '@entrepot/catalog/scenario';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { describePolicy, describeWorld } from '../../scenario/describe-scenario.ts';
import { openScenario, saying } from '../../scenario/scenario-files.ts';
import { catalogFilesOf, dateOf, soundCatalog } from '../catalog/arguments.ts';

export const show: Command = {
  name: 'scenario show',
  summary: 'Show what a scenario changes on a day.',
  help: `Usage: entrepot scenario show NAME|FILE [options]

What the scenario adds, removes and reprices among the offers of a day, in USD per million tokens
(input / output), and what it changes of policies and of the world.

  --as-of DATE    the day, as YYYY-MM-DD (today when it is left out)
  --catalog DIR   another folder than the catalog that comes with entrepot
  --json          JSON, for programs

Example: entrepot scenario show openai-on-bedrock --as-of 2025-12-31`,
  options: {
    'as-of': { type: 'string' },
    catalog: { type: 'string' },
    json: { type: 'boolean' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const [name] = input.positionals;
  if (name === undefined || input.positionals.length > 1) {
    throw new UsageError('takes one scenario; "entrepot scenario list" lists those of the catalog');
  }
  const date = dateOf(input);
  const files = catalogFilesOf(input);
  const scenario = openScenario(name, files);
  const catalog = soundCatalog(files);
  const changed = saying(() => compose(catalog, [scenario]));
  const diff = marketDiff(asOf(catalog, date), asOf(changed.catalog, date));
  if (input.values.json === true) output.print(toJson(scenario, date, diff));
  else print(scenario, date, diff, output);
  return 0;
}

function toJson(scenario: Scenario, date: string, diff: MarketDiff): string {
  const { id, title, source, seenOn, world, policy } = scenario;
  const routes = Object.fromEntries(policy.routes);
  const shown = { id, title, source, seenOn, asOf: date, ...diff };
  return JSON.stringify({ ...shown, policy: { all: policy.all, routes }, world }, maps, 2);
}

function maps(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function print(scenario: Scenario, date: string, diff: MarketDiff, output: Output): void {
  const { title, source, seenOn } = scenario;
  output.print(`${title}\nSource: ${source}, seen ${seenOn}`);
  const section = (heading: string, lines: readonly string[]): void => {
    if (lines.length > 0) output.print(`\n${heading}\n${lines.map(l => `  ${l}`).join('\n')}`);
  };
  section(`Added on ${date}`, diff.added.map(priced));
  section(`Removed on ${date}`, diff.removed.map(priced));
  section(
    `Repriced on ${date}`,
    diff.repriced.map(({ before, after }) => `${priced(before)} -> ${prices(after)}`),
  );
  section('Policy', describePolicy(scenario.policy));
  section('World', describeWorld(scenario));
  const hasOffers = scenario.add.length + scenario.change.length + scenario.remove.length > 0;
  if (hasOffers && diff.added.length + diff.removed.length + diff.repriced.length === 0) {
    output.note(`On ${date} it changes no offer: its days are others (--as-of).`);
  }
}

function priced(offer: Offer): string {
  return `${offer.id}  ${prices(offer)}`;
}

function prices({ prices: { inputPicoUsd, outputPicoUsd } }: Offer): string {
  const usd = (pico: number | null): string => (pico === null ? 'unknown' : formatUsdPerMtok(pico));
  return `${usd(inputPicoUsd)} / ${usd(outputPicoUsd)}`;
}
