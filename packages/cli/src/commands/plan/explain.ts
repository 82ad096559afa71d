// `entrepot plan explain`: where the time, the memory and the money of a plan go.

import { existsSync, readFileSync } from 'node:fs';
import type { TrainingPlans } from '@entrepot/planner/plan/training-plan';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { explainServing } from '../../plan/serving/explain-text.ts';
import type { ServingPlansJson } from '../../plan/serving/serving-json.ts';
import { explainPlan } from '../../plan/training/explain-text.ts';
import { suggest, textOf } from '../catalog/arguments.ts';

export const explain: Command = {
  name: 'plan explain',
  summary: 'Show where the time, the memory and the money of a plan go.',
  help: `Usage: entrepot plan explain PLAN.json [--plan ID]

The parts of a step, of memory, and of cost of each plan in a file that "entrepot plan train --json
PLAN.json" or "entrepot plan serve --json PLAN.json" wrote; of training also those of goodput.

  --plan ID    one plan: H100-SXM/aws/16384 of training, H100-SXM/aws of serving
               (default: the Pareto set of training, the cheapest of serving)

Example: entrepot plan explain plan.json --plan H100-SXM/aws/16384`,
  options: { plan: { type: 'string' } },
  run,
};

/** Plans of one kind, as far as they are chosen and shown alike. */
interface Explained {
  readonly ids: readonly string[];
  readonly usual: readonly string[];
  readonly whyNone: string;
  text(id: string): string;
}

async function run(input: CommandInput, output: Output): Promise<number> {
  const [file, ...rest] = input.positionals;
  if (file === undefined || rest.length > 0) {
    throw new UsageError(
      'needs one file, which "entrepot plan train" or "plan serve" --json wrote',
    );
  }
  const { ids, usual, whyNone, text } = read(file);
  const id = textOf(input, 'plan');
  if (id !== null && !ids.includes(id)) {
    throw new UsageError(`--plan: there is no plan "${id}" in ${file}. ${suggest(id, ids)}`);
  }
  const wanted = id === null ? usual : [id];
  if (wanted.length === 0) {
    output.note(`${file} has no plan: its ${whyNone} says why`);
    return 1;
  }
  output.print(wanted.map(text).join('\n\n'));
  return 0;
}

function read(file: string): Explained {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${(cause as Error).message}`);
  }
  const { kind } = (value ?? {}) as { readonly kind?: unknown };
  if (kind === 'training-plans') return ofTraining(value as TrainingPlans);
  if (kind === 'serve') return ofServing(value as ServingPlansJson);
  throw new UsageError(
    `${file} holds no plans: "entrepot plan train --json" and "plan serve --json" write them`,
  );
}

function ofTraining({ plans }: TrainingPlans): Explained {
  return {
    ids: plans.map(plan => plan.id),
    usual: plans.filter(plan => plan.isPareto).map(plan => plan.id),
    whyNone: 'whyNot',
    text: id => explainPlan(plans.find(plan => plan.id === id)!),
  };
}

function ofServing({ plans }: ServingPlansJson): Explained {
  const ids = plans.map(plan => plan.id);
  const text = (id: string): string => explainServing(plans.find(plan => plan.id === id)!);
  return { ids, usual: ids.slice(0, 1), whyNone: 'refused', text };
}
