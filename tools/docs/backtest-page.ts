// docs/backtest.md: what scenarios predicted of dated facts, what came, and the error.

import { asOf } from '@entrepot/catalog/as-of';
import type { Catalog } from '@entrepot/catalog/catalog';
import { loadCatalog } from '@entrepot/catalog/load';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import { type Backtest, backtest } from '../../packages/cli/src/backtest/backtest.ts';
import { type Basket, conversation, costOfBasket } from '../../packages/cli/src/backtest/basket.ts';
import {
  describeScore,
  differences,
  headings,
  rowsOf,
} from '../../packages/cli/src/backtest/describe.ts';
import { scoreOf } from '../../packages/cli/src/backtest/score.ts';
import { readCatalogFiles } from '../../packages/cli/src/catalog-files.ts';
import { replayRows, replayTitles } from './backtest-replays.ts';

interface Case {
  readonly title: string;
  readonly text: string;
  readonly scenario: string | null;
  readonly from: string;
  readonly to: string;
  readonly successors?: Readonly<Record<string, string>>;
  readonly basket?: Basket;
}

const longContext: Basket = {
  name: 'long context',
  requests: 1000,
  inputTokens: 250_000,
  outputTokens: 1000,
};

const cases: readonly Case[] = [
  {
    title: 'OpenAI on AWS, five months ahead',
    text:
      'On 2025-12-31 no closed model of OpenAI was sold by AWS. The scenario put them there, priced ' +
      'as AWS priced Claude at that time. On 2026-06-01 they came, with newer models, which are ' +
      'compared as the successors of those of the prediction.',
    scenario: 'openai-on-bedrock',
    from: '2025-12-31',
    to: '2026-06-01',
    successors: { 'openai/gpt-5.1': 'openai/gpt-5.4', 'openai/gpt-5.2': 'openai/gpt-5.5' },
  },
  {
    title: 'OpenAI on AWS, eight months ahead',
    text:
      'The same prediction, compared with 2026-08-21: by then AWS sold a family of three, which ' +
      'stand for the three of the prediction in the order of their prices.',
    scenario: 'openai-on-bedrock',
    from: '2025-12-31',
    to: '2026-08-21',
    successors: {
      'openai/gpt-5-mini': 'openai/gpt-5.6-luna',
      'openai/gpt-5.1': 'openai/gpt-5.6-terra',
      'openai/gpt-5.2': 'openai/gpt-5.6-sol',
    },
  },
  {
    title: 'The price cut of o3',
    text:
      'The scenario was written after the fact: it must be exact, which tests the arithmetic and ' +
      'not foresight. What the cut was worth is the error of the forecast that nothing changes.',
    scenario: 'o3-price-cut',
    from: '2025-06-09',
    to: '2025-06-10',
  },
  {
    title: 'The end of an introductory price',
    text:
      'Announced with its date when Claude Sonnet 5 came, so a prediction from 2026-08-21 was one. ' +
      'The catalog has no later price of Azure and Google.',
    scenario: 'sonnet-5-price-rise',
    from: '2026-08-21',
    to: '2026-09-01',
  },
  {
    title: 'A price cut at one seller, predicted of that one alone',
    text:
      'OpenAI cut GPT-5.6 Luna to a fifth on 2026-07-30. The scenario says so of OpenAI, and nothing ' +
      'of the clouds that resell it: three weeks later they had followed.',
    scenario: 'gpt-5.6-luna-price-cut',
    from: '2026-07-29',
    to: '2026-08-21',
  },
  {
    title: 'A price cut that nobody predicted',
    text:
      'OpenAI cut GPT-5.6 Terra by a fifth on the same day. No scenario: what the forecast that ' +
      'nothing changes was off.',
    scenario: null,
    from: '2026-07-29',
    to: '2026-08-21',
    successors: { 'openai/gpt-5.6-terra': 'openai/gpt-5.6-terra' },
  },
  {
    title: 'The end of the surcharge on long prompts',
    text: 'No scenario: what happens to a forecast that nothing changes, for prompts of 250,000 tokens.',
    scenario: null,
    from: '2026-03-12',
    to: '2026-03-13',
    successors: {
      'anthropic/claude-opus-4-6': 'anthropic/claude-opus-4-6',
      'anthropic/claude-sonnet-4-6': 'anthropic/claude-sonnet-4-6',
    },
    basket: longContext,
  },
];

const horizons = [
  ['2025-12-31', '2026-06-01'],
  ['2025-12-31', '2026-08-21'],
  ['2026-06-01', '2026-08-21'],
  ['2026-08-21', '2026-11-23'],
] as const;

/** The page, made from the catalog and the scenarios as they stand. */
export async function backtestPage(): Promise<string> {
  const files = readCatalogFiles();
  const catalog = loadCatalog(files);
  const scenarioOf = (id: string) => {
    const file = files.find(({ path }) => path === `scenarios/${id}.yaml`);
    if (file === undefined) throw new Error(`there is no scenario ${id}`);
    return loadScenario(file);
  };
  const sections: string[] = [];
  for (const one of cases) {
    const scenarios = one.scenario === null ? [] : [scenarioOf(one.scenario)];
    const result = backtest({
      catalog,
      scenarios,
      predictedAsOf: one.from,
      actualAsOf: one.to,
      successors: new Map(Object.entries(one.successors ?? {})),
      basket: one.basket ?? conversation,
    });
    const lines = [
      `## ${one.title}`,
      '',
      `${one.text} Predicted as of ${one.from}${one.scenario === null ? '' : ` with \`${one.scenario}\``}, ` +
        `compared with ${one.to}.`,
      '',
      tableOf(headings, rowsOf(result)),
      '',
      ...describeScore(scoreOf(result)).map(line => `- ${line}`),
      ...differences(result).map(line => `- Otherwise: ${line}.`),
      '',
      ...(one.basket === undefined ? await replayedLines(result, one.scenario) : []),
    ];
    sections.push(lines.join('\n'));
  }
  return [head, ...sections, driftSection(catalog)].join('\n');
}

const head = `# Backtest

<!-- Made by \`node tools/docs/write-backtest.ts\` from \`catalog/\`; a test holds that it is current. -->

What scenarios predicted of the market on dated facts, what came, and the error. This is
arithmetic on the catalog: which cloud sells a model, and what the cheapest offer on demand there
costs for a basket of 1,000 requests of ${conversation.inputTokens} tokens in and
${conversation.outputTokens} out (the mean of the Azure conversations of 2023), in USD. The
premium is how far that is above the price of the model's own vendor. *Unchanged* is the forecast
that costs nothing: all stays as it was. The error is predicted over came, less one; *wrong* is a
cloud that was to sell a model and did not, or the other way round. Where the catalog does not
know how a price came about, the oldest that is known stands for the days before.

*Replayed* is what the 917 requests of \`examples/trace.csv\` cost in the market as it was, as
predicted and as it came, all of them for one model, through the decisions of the gateway, by cost
(5 seeds, with 90 % intervals): with accounts everywhere, and with one at the model's vendor alone,
which gets what the scenario adds. Accounts everywhere soften errors: where one cloud's price was
told right and another's wrong, requests go to the cheaper.

\`entrepot what-if backtest\` does the same for any scenario and two days, and with \`--traffic\` for
any traffic.
`;

async function replayedLines(result: Backtest, scenario: string | null): Promise<string[]> {
  const rows = await replayRows(result, scenario === null ? [] : [scenario]);
  return ['Replayed:', '', tableOf(replayTitles, rows), ''];
}

function tableOf(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  names = 2,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, i) => (i < names ? '---' : '--:'));
  return [
    line(titles.map(title => title.replace(/^[A-Z ]+$/, t => t.toLowerCase()))),
    line(rule),
    ...rows.map(line),
  ].join('\n');
}

function driftSection(catalog: Catalog): string {
  const rows = horizons.map(([from, to]) => {
    const { known, gone, moved, errors } = drift(catalog, from, to);
    const sorted = errors.map(Math.abs).sort((a, b) => a - b);
    const mean = sorted.reduce((sum, error) => sum + error, 0) / sorted.length;
    const worst = sorted.at(-1) ?? 0;
    return [from, to, String(known), String(gone), String(moved), percent(mean), percent(worst)];
  });
  const titles = ['from', 'to', 'offers', 'gone', 'repriced', 'mean error', 'worst'];
  return [
    '## All of the catalog, when nothing is predicted',
    '',
    'Every offer on demand with a price on the first day, priced for the same basket on both. The',
    'catalog knows few changes of price before the summer of 2026, so this is the least that moved.',
    '',
    tableOf(titles, rows),
    '',
  ].join('\n');
}

function drift(catalog: Catalog, from: string, to: string) {
  const [before, after] = [asOf(catalog, from), asOf(catalog, to)];
  const errors: number[] = [];
  let gone = 0;
  for (const offer of before.offers) {
    const cost = offer.term === 'on-demand' ? costOfBasket(offer, conversation) : null;
    if (cost === null || cost === 0) continue;
    const later = after.offer(offer.id);
    const came = later === undefined ? null : costOfBasket(later, conversation);
    if (came === null) gone += 1;
    else errors.push(cost / came - 1);
  }
  const moved = errors.filter(error => error !== 0).length;
  return { known: errors.length + gone, gone, moved, errors };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
