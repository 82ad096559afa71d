import { isDate } from '@entrepot/catalog/date';
import { backtest as compare } from '../../backtest/backtest.ts';
import { type Basket, conversation } from '../../backtest/basket.ts';
import { describeScore, differences, headings, rowsOf } from '../../backtest/describe.ts';
import {
  marketRows,
  type ReplayedMarkets,
  replayInThreads,
  replayMarkets,
} from '../../backtest/replay-markets.ts';
import { scoreOf } from '../../backtest/score.ts';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { openScenario, saying } from '../../scenario/scenario-files.ts';
import { catalogFilesOf, soundCatalog, textOf } from '../catalog/arguments.ts';
import { left, right, table } from '../catalog/table.ts';

export const backtest: Command = {
  name: 'what-if backtest',
  summary: 'Compare what scenarios predicted of the market with what came.',
  help: `Usage: entrepot what-if backtest [--scenario NAME|FILE ...] --predicted-as-of DATE
                                 --actual-as-of DATE [options]

Predicts from the catalog of a day with the scenarios laid over it, and compares with the catalog
of a later day: which cloud sells a model, what the cheapest offer there costs for a basket of
requests, and how far that is above the vendor's own price. Beside it stands the forecast that
nothing changes. The models are those that the scenarios touch, and those of --successor.

  --successor OLD=NEW   compare the prediction for one model with what came of another, which took
                        its place; may be given again
  --tokens IN/OUT       a request of the basket (1155/211, the mean of the Azure 2023 conversations)
  --traffic T           replay this too, as what-if does: in the market as it was, as predicted, as
                        it came; all for the model of --route, then for its successor
  --route MODEL         which model that is
  --format F, --seeds N as for what-if (5 seeds)
  --catalog DIR         another folder than the catalog that comes with entrepot
  --json                JSON, for programs

docs/backtest.md has the results for dated facts.

Example: entrepot what-if backtest --scenario openai-on-bedrock --predicted-as-of 2025-12-31
         --actual-as-of 2026-06-01 --successor openai/gpt-5.1=openai/gpt-5.4`,
  options: {
    scenario: { type: 'string', multiple: true },
    'predicted-as-of': { type: 'string' },
    'actual-as-of': { type: 'string' },
    successor: { type: 'string', multiple: true },
    tokens: { type: 'string' },
    traffic: { type: 'string' },
    route: { type: 'string' },
    format: { type: 'string' },
    seeds: { type: 'string' },
    catalog: { type: 'string' },
    json: { type: 'boolean' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const { positionals, values } = input;
  if (positionals.length > 0) throw new UsageError(`takes no argument "${positionals[0]}"`);
  const predictedAsOf = dayOf(input, 'predicted-as-of');
  const actualAsOf = dayOf(input, 'actual-as-of');
  if (actualAsOf < predictedAsOf) {
    throw new UsageError(
      `--actual-as-of ${actualAsOf} is before --predicted-as-of ${predictedAsOf}`,
    );
  }
  const files = catalogFilesOf(input);
  const catalog = soundCatalog(files);
  const names = (values.scenario as string[] | undefined) ?? [];
  const scenarios = names.map(name => openScenario(name, files));
  const successors = successorsOf(values.successor as string[] | undefined, catalog.models);
  if (names.length + successors.size === 0) {
    throw new UsageError('needs --scenario, or --successor for models of which nothing changes');
  }
  const basket = basketOf(textOf(input, 'tokens'));
  const options = { catalog, scenarios, predictedAsOf, actualAsOf, successors, basket };
  const result = saying(() => compare(options));
  const score = scoreOf(result);
  const days = { predictedAsOf, actualAsOf };
  const markets = await replayedOf(input, { ...days, scenarios: names, successors }, output);
  if (values.json === true) {
    output.print(JSON.stringify({ ...result, score, replayed: markets }, null, 2));
    return 0;
  }
  if (result.models.length === 0) {
    output.note(`On ${predictedAsOf} the scenarios change no offer: their days are others.`);
    return 1;
  }
  const columns = headings.map((title, i) => (i < 2 ? left(title) : right(title)));
  output.print(table(columns, rowsOf(result)));
  output.print(['', ...differences(result), '', ...describeScore(score)].join('\n'));
  const { requests, inputTokens, outputTokens } = basket;
  const what = `${requests} requests of ${inputTokens} tokens in, ${outputTokens} out`;
  output.note(`\nUSD for ${what}, at the cheapest offer on demand of each cloud.`);
  if (markets !== null) printMarkets(markets, output);
  return 0;
}

interface Wanted {
  readonly predictedAsOf: string;
  readonly actualAsOf: string;
  readonly scenarios: readonly string[];
  readonly successors: ReadonlyMap<string, string>;
}

/** null without traffic. */
async function replayedOf(
  input: CommandInput,
  { successors, ...wanted }: Wanted,
  output: Output,
): Promise<ReplayedMarkets | null> {
  const traffic = textOf(input, 'traffic');
  if (traffic === null) return null;
  const model = textOf(input, 'route');
  if (model === null) throw new UsageError('--traffic needs --route: the model that it asks for');
  const given = ['format', 'seeds', 'catalog'].map(name => [name, input.values[name]] as const);
  const values = { traffic, ...Object.fromEntries(given) };
  const successor = successors.get(model) ?? model;
  return replayMarkets({ values, model, successor, ...wanted }, replayInThreads(output));
}

function printMarkets(markets: ReplayedMarkets, output: Output): void {
  const { model, successor, error, unchangedError } = markets;
  const columns = [left(''), ...['UNCHANGED', 'PREDICTED', 'CAME'].map(right)];
  const came = successor === model ? '' : `, then for ${successor}`;
  output.print(`\nReplayed, all of it for ${model}${came}:`);
  output.print(table(columns, marketRows(markets)));
  const off = (share: number): string => `${Math.round(share * 1000) / 10}% off`;
  output.print(`Cost: predicted ${off(error)}; that nothing changes, ${off(unchangedError)}.`);
}

function dayOf(input: CommandInput, name: string): string {
  const text = textOf(input, name);
  if (text !== null && isDate(text)) return text;
  const found = text === null ? 'it is missing' : `not "${text}"`;
  throw new UsageError(`--${name} must be a day as YYYY-MM-DD, ${found}`);
}

function successorsOf(
  pairs: readonly string[] = [],
  models: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair): [string, string] => {
      const [before = '', after = ''] = pair.split('=');
      const unknown = [before, after].find(model => !models.has(model));
      if (unknown === undefined) return [before, after];
      throw new UsageError(
        `--successor ${pair}: must be OLD=NEW, two models of the catalog; "${unknown}" is none`,
      );
    }),
  );
}

function basketOf(text: string | null): Basket {
  if (text === null) return conversation;
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  if (match === null) throw new UsageError(`--tokens must be IN/OUT (1155/211), not "${text}"`);
  const [inputTokens, outputTokens] = [Number(match[1]), Number(match[2])];
  return { name: text, requests: 1000, inputTokens, outputTokens };
}
