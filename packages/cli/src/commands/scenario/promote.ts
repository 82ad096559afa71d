import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogFile } from '@entrepot/catalog/catalog';
import { compose } from '@entrepot/catalog/compose';
import { isDate } from '@entrepot/catalog/date';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { today } from '../../market.ts';
import { syncFolder, writeDurably } from '../../promoted/durable-file.ts';
import { promotedScenarios } from '../../promoted/promoted.ts';
import { restart } from '../../promoted/restart.ts';
import { touched } from '../../scenario/describe-scenario.ts';
import { findScenarioFile, saying } from '../../scenario/scenario-files.ts';
import { catalogFilesOf, soundCatalog, textOf } from '../catalog/arguments.ts';
import { configHelp, configOf } from '../policy/config-option.ts';

export const promote: Command = {
  name: 'scenario promote',
  summary: 'Make a scenario part of the live catalog.',
  help: `Usage: entrepot scenario promote NAME|FILE [options]

What the scenario changes of offers and prices becomes part of the catalog that the gateway serves
by, from its date on: for when it has come true, or for a price of your own. It is copied to the
folder promoted/scenarios/ beside the configuration; serve reads it when it starts the next time.

  --from DATE     the day from which it holds (its own dates; today for what has none)
  --undo          take it out of the live catalog again; the file is kept
${configHelp}

Example: entrepot scenario promote openai-on-bedrock --config entrepot.yaml`,
  options: { from: { type: 'string' }, undo: { type: 'boolean' }, config: { type: 'string' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const [name] = input.positionals;
  if (name === undefined || input.positionals.length > 1) {
    throw new UsageError('takes one scenario; "entrepot scenario list" lists those of the catalog');
  }
  const { folder, file: config } = configOf(input);
  const scenarios = join(folder, 'scenarios');
  if (input.values.undo === true) return undo(name, scenarios, output);
  const files = catalogFilesOf(input);
  const found = findScenarioFile(name, files);
  const { id } = saying(() => loadScenario(found));
  const path = join(scenarios, `${id}.yaml`);
  if (existsSync(path)) throw new UsageError(`${id} is promoted already: ${path}`, 1);
  const dated = { path, text: withStart(found, fromOf(input)) };
  const scenario = saying(() => {
    const loaded = loadScenario(dated);
    const live = promotedScenarios(folder).map(loadScenario);
    compose(soundCatalog(files), [...live, loaded]);
    return loaded;
  });
  const parts = touched(scenario);
  if (!parts.includes('offers')) {
    throw new UsageError(
      `${id} changes no offers from now on: the live catalog has nothing to take of it`,
      1,
    );
  }
  mkdirSync(scenarios, { recursive: true });
  writeDurably(path, dated.text);
  output.print(`${id} is part of the live catalog of ${config}: ${path}`);
  const others = parts.filter(part => part !== 'offers');
  if (others.length > 0)
    output.note(`Not of the catalog, and without effect: ${others.join(', ')}.`);
  if (others.includes('policy')) output.note('"entrepot policy promote" puts a policy in force.');
  output.note(`${restart} New offers serve once a deployment names them.`);
  return 0;
}

function fromOf(input: CommandInput): string | null {
  const from = textOf(input, 'from');
  if (from === null || isDate(from)) return from;
  throw new UsageError(`--from must be a day as YYYY-MM-DD (2026-06-01), not "${from}"`);
}

/** The text with the day on which it begins: what is not dated begins today. */
function withStart(file: CatalogFile, wanted: string | null): string {
  const { add, remove, change, exclusive } = loadScenario(file);
  const isDated = [...add, ...remove, ...change, ...exclusive].every(({ from }) => from !== null);
  const from = wanted ?? (isDated ? null : today());
  if (from === null) return file.text;
  const rest = file.text.replace(/^from:.*\n/m, '');
  return rest.replace(/^id:.*$/m, line => `${line}\nfrom: ${from}`);
}

function undo(name: string, scenarios: string, output: Output): number {
  const path = join(scenarios, `${name}.yaml`);
  if (!existsSync(path)) throw new UsageError(`${name} is not promoted: there is no ${path}`, 1);
  const kept = `${path}.undone-${new Date().toISOString().replaceAll(':', '')}`;
  renameSync(path, kept);
  syncFolder(scenarios);
  output.print(`${name} is no part of the live catalog any more. Kept as ${kept}.`);
  output.note(restart);
  return 0;
}
