import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { importModel } from '../../plan/model-shapes.ts';
import { modelText } from './describe.ts';

export const importCommand: Command = {
  name: 'model import',
  summary: 'Read the shape of a model from its Hugging Face config.json.',
  help: `Usage: entrepot model import FILE [--json]

Says what the planner reads in a config.json, or which field is missing or wrong. A plan takes
the same file: --model FILE.

  --json          JSON, for programs: a line of catalog/model-shapes.jsonl

Example: entrepot model import ./Llama-3.3-70B-Instruct/config.json`,
  options: { json: { type: 'boolean' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const [path, ...more] = input.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      'takes one file: a config.json. Example: entrepot model import config.json',
    );
  }
  const entry = importModel(path);
  const { shape, ...rest } = entry;
  const { name: _, ...fields } = shape;
  output.print(
    input.values.json === true ? JSON.stringify({ ...rest, ...fields }) : modelText(entry),
  );
  return 0;
}
