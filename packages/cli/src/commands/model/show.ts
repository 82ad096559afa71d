import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { modelNamed, modelShapes } from '../../plan/model-shapes.ts';
import { left, right, table } from '../catalog/table.ts';
import { modelRow, modelText } from './describe.ts';

export const show: Command = {
  name: 'model show',
  summary: 'Show the shapes of models: parameters, attention, experts, cache per token.',
  help: `Usage: entrepot model show [MODEL] [--json]

All models whose shape the catalog has, or one of them by any spelling of its name.

  --json          JSON, for programs

Example: entrepot model show llama-3.3-70b`,
  options: { json: { type: 'boolean' } },
  run,
};

const columns = [
  left('MODEL'),
  right('PARAMETERS'),
  right('ACTIVE'),
  right('LAYERS'),
  right('WIDTH'),
  left('ATTENTION'),
  left('EXPERTS'),
];

async function run(input: CommandInput, output: Output): Promise<number> {
  const [name, ...more] = input.positionals;
  if (more.length > 0) throw new UsageError(`takes one model, not also "${more.join(' ')}"`);
  if (name !== undefined) {
    const entry = modelNamed(name);
    output.print(input.values.json === true ? JSON.stringify(entry, null, 2) : modelText(entry));
    return 0;
  }
  const entries = modelShapes();
  if (input.values.json === true) output.print(JSON.stringify({ models: entries }, null, 2));
  else output.print(table(columns, entries.map(modelRow)));
  return 0;
}
