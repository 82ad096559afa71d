import { readFileSync } from 'node:fs';
import { formatUsd } from '@entrepot/catalog/money';
import { readConfig } from '@entrepot/gateway/config/load-config';
import { parseConfig } from '@entrepot/gateway/config/parse-config';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { Agent } from 'undici';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { today } from '../../market.ts';
import { write } from '../../output-files.ts';
import { liveMarket } from '../../promoted/live.ts';
import { readPromoted } from '../../promoted/promoted.ts';
import { Budget } from '../../sample/budget.ts';
import { checkJudgePrompt } from '../../sample/judge.ts';
import { qualityFile } from '../../sample/quality-file.ts';
import { drawRequests, readRequests } from '../../sample/recorded-requests.ts';
import type { SampleTally } from '../../sample/sample-tally.ts';
import { takeSample } from '../../sample/take-sample.ts';
import { stopSignal } from '../../stop-signal.ts';
import { configuredRoutes } from '../../what-if/base-routes.ts';
import { countOf } from '../../what-if/what-if-spec.ts';
import { textOf } from '../catalog/arguments.ts';
import { left, right, table } from '../catalog/table.ts';

export const sample: Command = {
  name: 'what-if sample',
  summary: 'Ask recorded requests of candidates again, and have the answers judged.',
  help: `Usage: entrepot what-if sample --requests FILE --candidate ROUTE --judge ROUTE --prompt FILE
                               --budget-usd X [options]

Asks a sample of recorded requests again, through a gateway that is running: of the route that each
was for, and of each candidate. A judge, a model of your own choice with a prompt of your own, says
which of each two answers is better; which stands first is drawn at random. Costs money: what a call
can cost at most is held before it is made, and the budget is never overspent.

  --requests FILE   JSONL, a line each: the body of a call of Chat Completions or Responses, or of
                    any dialect with its path: {"path": "/v1/messages", "body": {...}}. Each is
                    asked again in the dialect in which it came
  --candidate R     a route of the gateway to ask instead; may be given several times
  --judge R         the route that judges
  --prompt FILE     what the judge is asked: a text with {{request}}, {{a}} and {{b}}
  --budget-usd X    the most that all of it may cost
  --config FILE     the configuration of the gateway: its routes and prices (entrepot.yaml)
  --url URL         where it listens (as the configuration says)
  --key-env NAME    the environment variable with the key to call it with (ENTREPOT_KEY)
  --samples N       requests to ask (200)
  --max-tokens N    of each answer (1024)
  --seed N          another sample (1)
  --out FILE        the scores, for what-if --quality
  --json            JSON, for programs

A score is how often the candidate's answer is preferred, a tie being half: 0.5 is as good as before.
Intervals hold 90 %. Ctrl-C stops and tells what was found so far; then the exit code is 130.

Example: entrepot what-if sample --requests recorded.jsonl --candidate cheap --judge judge
         --prompt judge.txt --budget-usd 5 --out quality.yaml`,
  options: {
    requests: { type: 'string' },
    candidate: { type: 'string', multiple: true },
    judge: { type: 'string' },
    prompt: { type: 'string' },
    'budget-usd': { type: 'string' },
    config: { type: 'string' },
    url: { type: 'string' },
    'key-env': { type: 'string' },
    samples: { type: 'string' },
    'max-tokens': { type: 'string' },
    seed: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  if (input.positionals.length > 0) {
    throw new UsageError(`takes no argument "${input.positionals[0]}"`);
  }
  const file = textOf(input, 'config') ?? 'entrepot.yaml';
  const promoted = readPromoted(file);
  const { routes: all } = configuredRoutes(file, liveMarket(promoted), promoted);
  const routes = new Map(all.map(route => [route.name, route]));
  const recorded = readRequests(needed(input, 'requests'));
  const candidates = (input.values.candidate as string[] | undefined) ?? [];
  if (candidates.length === 0) throw new UsageError('needs --candidate: a route to ask instead');
  const judge = needed(input, 'judge');
  const named = [judge, ...candidates, ...recorded.map(({ route }) => route)];
  const unknown = named.find(name => !routes.has(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no route "${unknown}" in ${file}: ${[...routes.keys()].join(', ')}`,
    );
  }
  const prompt = promptOf(needed(input, 'prompt'));
  const seed = countOf('--seed', textOf(input, 'seed'), 1, 1e9);
  const most = countOf('--samples', textOf(input, 'samples'), 200, 1e6);
  const drawn = drawRequests(recorded, most, seededRandom(seed));
  const budget = new Budget(budgetOf(needed(input, 'budget-usd')));
  const dispatcher = new Agent();
  let isStopped = false;
  stopSignal().then(() => {
    isStopped = true;
  });
  try {
    const tally = await takeSample(drawn, {
      client: { url: urlOf(input, file), key: keyOf(input), dispatcher },
      routes,
      candidates,
      judge,
      prompt,
      budget,
      maxOutputTokens: countOf('--max-tokens', textOf(input, 'max-tokens'), 1024, 1e6),
      seed,
      isStopped: () => isStopped,
      onProgress: asked => {
        if (asked % 50 === 0) output.note(`${asked} of ${drawn.length} requests asked`);
      },
    });
    return tell(tally, drawn.length, budget, judge, input, output, isStopped);
  } finally {
    await dispatcher.close();
  }
}

function tell(
  tally: SampleTally,
  drawn: number,
  budget: Budget,
  judge: string,
  input: CommandInput,
  output: Output,
  isStopped: boolean,
): number {
  const { compared, failures, pairsOfOneModel, firstPlace } = tally;
  const spentUsd = formatUsd(Math.round(budget.spentNanoUsd));
  const out = textOf(input, 'out');
  if (out !== null) write('out', out, qualityFile(compared, { judge, date: today() }));
  if (input.values.json === true) {
    const found = { compared, pairsOfOneModel, firstPlace, failures };
    output.print(JSON.stringify({ drawn, spentUsd: Number(spentUsd), ...found }, null, 2));
  } else {
    output.print(tableOf(tally));
    const { score, least, most } = firstPlace;
    output.note(`The answer that stood first won ${percent(score)} (${range(least, most)}).`);
    if (pairsOfOneModel > 0) output.note(`${pairsOfOneModel} pairs were of one model: not judged.`);
    for (const failure of failures) output.note(`failed: ${failure}`);
    output.note(`Cost at most ${spentUsd} USD of ${formatUsd(budget.nanoUsd)}.`);
  }
  if (isStopped) return 130;
  return compared.length > 0 ? 0 : 1;
}

function tableOf({ compared }: SampleTally): string {
  const columns = [left('ROUTE'), left('MODEL'), left('AGAINST')];
  const numbers = ['PAIRS', 'WON', 'TIED', 'LOST', 'SCORE', '90 %'].map(right);
  const rows = compared.map(one => [
    one.route,
    one.model,
    one.against.join(', '),
    ...[one.pairs, one.wins, one.ties, one.losses].map(String),
    one.score.toFixed(3),
    `${one.least.toFixed(3)} to ${one.most.toFixed(3)}`,
  ]);
  return table([...columns, ...numbers], rows);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function range(least: number, most: number): string {
  return `${percent(least)} to ${percent(most)}`;
}

function needed(input: CommandInput, name: string): string {
  const text = textOf(input, name);
  if (text === null) throw new UsageError(`needs --${name}; see --help`);
  return text;
}

function promptOf(file: string): string {
  try {
    const prompt = readFileSync(file, 'utf8');
    checkJudgePrompt(prompt);
    return prompt;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`--prompt: ${(cause as Error).message}`);
  }
}

function budgetOf(text: string): number {
  const usd = Number(text);
  if (text.trim() !== '' && usd > 0 && usd <= 1e6) return Math.round(usd * 1e9);
  throw new UsageError(`--budget-usd takes an amount above 0, not "${text}"`);
}

function urlOf(input: CommandInput, file: string): string {
  const given = textOf(input, 'url');
  if (given !== null) return given.replace(/\/+$/, '');
  const { host, port } = parseConfig(readConfig(file), file).listen;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function keyOf(input: CommandInput): string | null {
  const name = textOf(input, 'key-env') ?? 'ENTREPOT_KEY';
  return process.env[name] ?? null;
}
