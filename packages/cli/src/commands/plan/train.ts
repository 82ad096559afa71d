// `entrepot plan train`: on whose chips, in which layout, how long, for how much.

import type { Catalog } from '@entrepot/catalog/catalog';
import { type Engine, emit, engines } from '@entrepot/planner/emit/emit';
import { type Framework, frameworks } from '@entrepot/planner/emit/launch/launch';
import { makeTrainingPlans } from '@entrepot/planner/plan/make-training-plans';
import { plannedJob } from '@entrepot/planner/plan/planned-job';
import type { TrainingPlan, TrainingPlans } from '@entrepot/planner/plan/training-plan';
import { readFitted } from '@entrepot/planner/train/read-fitted';
import { readCatalogFile } from '../../catalog-files.ts';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { checkOutputFiles, write, writeFolder } from '../../output-files.ts';
import { capacityOf } from '../../plan/capacity-file.ts';
import { optionalOf, ownPricesOf } from '../../plan/choices.ts';
import { type OwnChip, ownChipOf } from '../../plan/own-chip.ts';
import { plansPage } from '../../plan/training/plan-page.ts';
import { plansText } from '../../plan/training/plan-text.ts';
import { readRequest } from '../../plan/training/read-request.ts';
import { catalogOptions, dateOf, openCatalog, suggest, textOf } from '../catalog/arguments.ts';

export const train: Command = {
  name: 'plan train',
  summary: 'Plan the training of a model: chips, layout, time, goodput and cost.',
  help: `Usage: entrepot plan train --model M --tokens T --chips N [options]

The best layout of the job on each accelerator that clouds rent, at each number of chips; how long
it takes with failures, what it costs with spare hosts, with ranges; why others are not plans.

  --model M        a model of "entrepot model show", or the path of a config.json
  --tokens T       tokens to train on: 15T, 300B
  --chips N        at most so many (its half and quarter are planned too), or counts: 1024,4096
  --accelerator A  h100,trainium2,tpu-v5p,... (default: every one that a cloud rents)
  --chip FILE      one of your own: figures as in catalog/accelerators.json, usdPerHour of a host
  --cloud C        aws,azure,google, self for --chip (default: all)
  --region R       regions to rent in (default: each cloud's cheapest)
  --deadline D     60d, 8w: plans that take longer are not shown as plans
  --budget B       60M dollars: neither are plans that cost more
  --precision P    bf16, fp8, mxfp8, nvfp4, int8 (default bf16)
  --sequence N     tokens of a sequence (default 8192)
  --batch N        sequences of a step (default: 16 Mi tokens above 100B parameters, 4 Mi below)
  --layout L       degrees to keep to: tp=8,pp=16,microBatch=1,sharding=zero1,recompute=full
  --price P        TYPE=USD an hour of a host, or TYPE:TERM=USD, where you know it (repeatable):
                   trn2.48xlarge:committed=35.8
  --capacity FILE  limits by cloud, region and day (docs/plan.md): plans wait, shrink or move
  --emit E         skypilot, kubernetes or slurm: files that start a plan's job
  --framework F    megatron-lm, megatron-bridge, torchtitan, maxtext, nxd-training
  --plan ID        the plan to emit (default: the first): H100-SXM/aws/16384
  --out DIR        where the files go (default: the current folder)
  --as-of DATE     prices of that day (today when it is left out)
  --catalog DIR    another folder than the catalog that comes with entrepot
  --json FILE      JSON, for programs and "plan explain"; - prints it
  --html FILE      one page with charts
  --all            every plan in the table, not only the best

Example: entrepot plan train --model llama-3.1-405b --tokens 15T --chips 16384 --deadline 90d`,
  options: {
    model: { type: 'string' },
    tokens: { type: 'string' },
    chips: { type: 'string' },
    accelerator: { type: 'string' },
    chip: { type: 'string' },
    cloud: { type: 'string' },
    region: { type: 'string' },
    deadline: { type: 'string' },
    budget: { type: 'string' },
    precision: { type: 'string' },
    sequence: { type: 'string' },
    batch: { type: 'string' },
    layout: { type: 'string' },
    price: { type: 'string', multiple: true },
    capacity: { type: 'string' },
    emit: { type: 'string' },
    framework: { type: 'string' },
    plan: { type: 'string' },
    out: { type: 'string' },
    'as-of': catalogOptions['as-of']!,
    catalog: catalogOptions.catalog!,
    json: { type: 'string' },
    html: { type: 'string' },
    all: { type: 'boolean' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  // --catalog and --as-of are read as in the commands of catalog; a model is not one of its models.
  const whole = openCatalog(input);
  const own = ownChipOf(input, dateOf(input));
  const catalog = own === null ? whole : withChip(whole, own);
  const request = readRequest(input, catalog);
  const engine = optionalOf(input, 'emit', engines);
  const framework = optionalOf(input, 'framework', frameworks);
  for (const option of engine === null ? ['framework', 'plan', 'out'] : []) {
    if (textOf(input, option) === null) continue;
    throw new UsageError(`--${option} goes with --emit ${engines.join(', ')}`);
  }
  checkOutputFiles(input, ['json', 'html']);
  const plans = makeTrainingPlans(request, {
    accelerators: catalog.accelerators,
    instances: catalog.instances,
    committedHosts: catalog.committedHosts,
    fitted: readFitted(readCatalogFile('training-parameters.json')),
    ownPrices: ownPricesOf(input, catalog.instances),
    limits: capacityOf(input, catalog),
  });
  const json = textOf(input, 'json');
  const text = `${JSON.stringify(plans, null, 2)}\n`;
  if (json === '-') output.print(text.trimEnd());
  else output.print(plansText(plans, input.values.all === true));
  if (json !== null && json !== '-') write('json', json, text);
  const html = textOf(input, 'html');
  if (html !== null) write('html', html, plansPage(plans));
  if (engine !== null) emitPlan(plans, engine, framework, input, output);
  return plans.plans.length > 0 ? 0 : 1;
}

function withChip(catalog: Catalog, { accelerator, host }: OwnChip): Catalog {
  return {
    ...catalog,
    accelerators: [...catalog.accelerators.filter(a => a.id !== accelerator.id), accelerator],
    instances: [...catalog.instances.filter(i => i.acceleratorId !== accelerator.id), host],
  };
}

function emitPlan(
  plans: TrainingPlans,
  engine: Engine,
  framework: Framework | null,
  input: CommandInput,
  output: Output,
): void {
  const plan = chosen(plans, textOf(input, 'plan'));
  const dir = textOf(input, 'out') ?? '.';
  try {
    const { files, notes } = emit(plannedJob(plans, plan), engine, framework);
    writeFolder(dir, files, output);
    for (const note of notes) output.note(`note: ${note}`);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--emit ${engine}: ${error.message}`);
    throw error;
  }
}

function chosen({ plans }: TrainingPlans, id: string | null): TrainingPlan {
  const found = id === null ? plans[0] : plans.find(plan => plan.id === id);
  if (found !== undefined) return found;
  if (id === null) throw new UsageError('there is no plan to emit', 1);
  const ids = plans.map(plan => plan.id);
  throw new UsageError(`--plan: there is no plan "${id}". ${suggest(id, ids)}`);
}
