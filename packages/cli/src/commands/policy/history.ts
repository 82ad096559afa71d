import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { policyHistory, versionFolder } from '../../promoted/policy-versions.ts';
import { left, right, table } from '../catalog/table.ts';
import { configHelp, configOf } from './config-option.ts';

export const history: Command = {
  name: 'policy history',
  summary: 'List what policies were in force, and since when.',
  help: `Usage: entrepot policy history [options]

Every promotion and rollback, oldest first. The last one is in force; version 0 is what the
configuration says itself.

${configHelp}
  --json          JSON, for programs

Example: entrepot policy history --config entrepot.yaml`,
  options: { config: { type: 'string' }, json: { type: 'boolean' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  if (input.positionals.length > 0) {
    throw new UsageError(`takes no argument "${input.positionals[0]}"`);
  }
  const { folder } = configOf(input);
  const lines = policyHistory(folder);
  if (input.values.json === true) {
    output.print(JSON.stringify(lines, null, 2));
    return 0;
  }
  if (lines.length === 0) {
    output.print('Nothing was promoted: the policies are those of the configuration.');
    return 0;
  }
  const columns = [left('SINCE'), left('ACTION'), right('VERSION'), left('')];
  const rows = lines.map(line => [line.at, line.action, String(line.version), line.title]);
  output.print(table(columns, rows));
  const { version } = lines.at(-1)!;
  const where = version === 0 ? 'the configuration' : versionFolder(folder, version);
  output.note(`In force: version ${version}, ${where}.`);
  return 0;
}
