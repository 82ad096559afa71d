import { readFileSync } from 'node:fs';
import type { ParseArgsOptionsConfig } from 'node:util';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { write } from '../../output-files.ts';
import { servingValidator } from '../../plan/validate-serving.ts';
import { trainingValidator } from '../../plan/validate-training.ts';
import type { GroupErrors, Validation, Validator } from '../../plan/validation.ts';
import { openCatalog, textOf } from '../catalog/arguments.ts';
import { left, right, table } from '../catalog/table.ts';

const options: ParseArgsOptionsConfig = {
  runs: { type: 'string' },
  json: { type: 'string' },
  catalog: { type: 'string' },
};

export const validate: Command = {
  name: 'plan validate',
  summary: 'Compare the planner with published runs: errors by accelerator and kind of model.',
  help: `Usage: entrepot plan validate [options]

Without --runs: the errors by cross-validation that were measured when the parameters were fitted,
on runs whose pair of accelerator and model the fit had not seen. With --runs: predicts every run of
a file with the parameters that plans use. A run whose layout is not published whole is planned and
marked; one that cannot be judged is listed with the reason, and with the field of a row that is not
as it should be. A row without layers is of the model known by its name; one of training with
measured.out_of_memory: true is judged by whether it is predicted not to fit.

  --runs FILE     published runs as a JSON list
  --json OUT      writes {summary, runs} there; - for stdout
  --catalog DIR   another folder than the catalog that comes with entrepot

Example: entrepot plan validate --runs training_runs.json --json errors.json`,
  options,
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const catalog = openCatalog(input);
  const validators: readonly Validator[] = [trainingValidator(catalog), servingValidator(catalog)];
  const path = textOf(input, 'runs');
  const validations =
    path === null ? validators.map(published) : validated(readRows(path), validators);
  const target = textOf(input, 'json');
  if (target !== null) writeJson(target, validations, output);
  if (target !== '-') for (const validation of validations) show(validation, output);
  if (path === null) {
    output.note('By cross-validation. --runs FILE predicts the runs of a file one by one.');
  }
  return 0;
}

function published(validator: Validator): Validation {
  return { of: validator.of, groups: validator.published(), runs: [] };
}

function readRows(path: string): readonly unknown[] {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read runs: ${why}`);
  }
  if (Array.isArray(rows)) return rows;
  throw new UsageError(`${path} must hold a JSON list of runs`);
}

function validated(rows: readonly unknown[], validators: readonly Validator[]): Validation[] {
  const found = validators
    .map(validator => ({ validator, own: rows.filter(row => validator.accepts(row)) }))
    .filter(({ own }) => own.length > 0);
  const known = validators.map(validator => validator.of).join(', ');
  if (found.length === 0) {
    throw new UsageError(`the file holds rows of no known form; known: ${known}`);
  }
  const others = rows.flatMap((row, i) => {
    const reason = `has the form of no kind of run; known: ${known}`;
    const unknown = { predicted: null, measured: null, error: null, planned: false, reason };
    const id = (row as { id?: unknown } | null)?.id;
    const name = typeof id === 'string' ? id : `row ${i + 1}`;
    const isKnown = validators.some(validator => validator.accepts(row));
    return isKnown ? [] : [{ id: name, accelerator: '', ...unknown }];
  });
  const validations = found.map(({ validator, own }) => validator.validate(own));
  return others.length === 0
    ? validations
    : [...validations, { of: 'unknown rows', groups: [], runs: others }];
}

function writeJson(target: string, validations: readonly Validation[], output: Output): void {
  const text = JSON.stringify(
    {
      summary: validations.flatMap(({ of, groups }) => groups.map(group => ({ of, ...group }))),
      runs: validations.flatMap(validation => validation.runs),
    },
    null,
    2,
  );
  if (target === '-') output.print(text);
  else write('json', target, `${text}\n`);
}

function show({ of, groups, runs }: Validation, output: Output): void {
  if (groups.length > 0) {
    output.print(`${of}: predicted against measured`);
    output.print(table(columns, groups.map(cells)));
  }
  const unfit = runs.filter(run => run.measured?.fits === false);
  if (unfit.length > 0) {
    const predicted = unfit.filter(run => run.predicted?.fits === false).length;
    output.print(`${unfit.length} runs ran out of memory; ${predicted} are predicted to.`);
  }
  const planned = runs.filter(run => run.planned).length;
  if (planned > 0) output.print(`${planned} runs are planned: their sources leave layouts open.`);
  const unjudged = runs.filter(run => run.reason !== null);
  if (unjudged.length === 0) return;
  output.print(`${unjudged.length} runs cannot be judged:`);
  const reasons = unjudged.map(run => [run.id, run.reason ?? '']);
  output.print(table([left('RUN'), left('WHY')], reasons));
}

const columns = [
  left('BY'),
  left('GROUP'),
  right('RUNS'),
  right('PAIRS'),
  right('MEDIAN'),
  right('P90'),
  right('BIAS'),
  right('DO NOT FIT'),
];

function cells(group: GroupErrors): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    group.by,
    group.name,
    String(group.runs),
    String(group.pairs),
    percent(group.median),
    percent(group.p90),
    percent(group.bias),
    String(group.failures),
  ];
}
