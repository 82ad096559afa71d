import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { touched } from '../../scenario/describe-scenario.ts';
import { openScenario, scenarioFiles } from '../../scenario/scenario-files.ts';
import { catalogFilesOf } from '../catalog/arguments.ts';
import { left, table } from '../catalog/table.ts';

export const list: Command = {
  name: 'scenario list',
  summary: 'List the scenarios of the catalog.',
  help: `Usage: entrepot scenario list [--catalog DIR] [--json]

The scenarios that the catalog has: what each changes, and its title.

  --catalog DIR   another folder than the catalog that comes with entrepot
  --json          JSON, for programs

Example: entrepot scenario list`,
  options: { catalog: { type: 'string' }, json: { type: 'boolean' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  if (input.positionals.length > 0) {
    throw new UsageError(`takes no arguments, not "${input.positionals.join(' ')}"`);
  }
  const files = catalogFilesOf(input);
  const scenarios = [...scenarioFiles(files).keys()].map(name => openScenario(name, files));
  if (input.values.json === true) {
    const shown = scenarios.map(scenario => {
      const { id, title, source, seenOn } = scenario;
      return { id, title, changes: touched(scenario), source, seenOn };
    });
    output.print(JSON.stringify(shown, null, 2));
    return 0;
  }
  const rows = scenarios.map(s => [s.id, touched(s).join(', '), s.title]);
  output.print(table([left('SCENARIO'), left('CHANGES'), left('')], rows));
  output.note(`${rows.length} scenarios. "entrepot scenario show NAME" shows one.`);
  return 0;
}
