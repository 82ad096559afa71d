// `entrepot plan explain`: where the time, the memory and the money of a plan go.

import { existsSync, readFileSync } from 'node:fs';
import type { TrainingPlans } from '@entrepot/planner/plan/training-plan';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { explainPlan } from '../../plan/training/explain-text.ts';
import { suggest, textOf } from '../catalog/arguments.ts';

export const explain: Command = {
  name: 'plan explain',
  summary: 'Show where the time, the memory and the money of a plan go.',
  help: `Usage: entrepot plan explain PLAN.json [--plan ID]

The parts of a step, of memory, of goodput and of cost of each plan in a file that
"entrepot plan train --json PLAN.json" wrote.

  --plan ID    one plan: H100-SXM/aws/16384 (default: the Pareto set)

Example: entrepot plan explain plan.json --plan H100-SXM/aws/16384`,
  options: { plan: { type: 'string' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const [file, ...rest] = input.positionals;
  if (file === undefined || rest.length > 0) {
    throw new UsageError('needs one file, which "entrepot plan train --json" wrote');
  }
  const { plans } = read(file);
  const id = textOf(input, 'plan');
  const wanted = plans.filter(plan => (id === null ? plan.isPareto : plan.id === id));
  if (wanted.length === 0 && id !== null) {
    const ids = plans.map(plan => plan.id);
    throw new UsageError(`--plan: there is no plan "${id}" in ${file}. ${suggest(id, ids)}`);
  }
  if (wanted.length === 0) {
    output.note(`${file} has no plan: its whyNot says why`);
    return 1;
  }
  output.print(wanted.map(explainPlan).join('\n\n'));
  return 0;
}

function read(file: string): TrainingPlans {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${(cause as Error).message}`);
  }
  if ((value as Partial<TrainingPlans> | null)?.kind === 'training-plans') {
    return value as TrainingPlans;
  }
  throw new UsageError(`${file} holds no training plans: "entrepot plan train --json" writes them`);
}
