// The page docs/examples/training.md: two models on Trainium2 against H100, H200, B200 and TPU
// v5p at three sizes, and what physics says of Trainium2 beside Trainium1. All of it is computed
// here from the catalog as of a fixed day.

import type { Catalog } from '../../packages/catalog/src/catalog.ts';
import { loadCatalog } from '../../packages/catalog/src/load.ts';
import { readCatalogFile, readCatalogFiles } from '../../packages/cli/src/catalog-files.ts';
import { modelNamed } from '../../packages/cli/src/plan/model-shapes.ts';
import { digits, gigabytes, percent, time, usd } from '../../packages/cli/src/plan/quantity.ts';
import { layoutText } from '../../packages/cli/src/plan/training/layout-text.ts';
import { breakEvenUsdPerHour } from '../../packages/planner/src/cost/job-cost.ts';
import type { Interval } from '../../packages/planner/src/interval.ts';
import { makeTrainingPlans } from '../../packages/planner/src/plan/make-training-plans.ts';
import type { TrainingPlan, TrainingPlans } from '../../packages/planner/src/plan/training-plan.ts';
import type { TrainingRequest } from '../../packages/planner/src/plan/training-request.ts';
import type { Fitted } from '../../packages/planner/src/train/fitted.ts';
import { readFitted } from '../../packages/planner/src/train/read-fitted.ts';

const asOf = '2026-11-23';
const accelerators = ['Trainium2', 'H100-SXM', 'H200', 'B200', 'TPU-v5p'];
const sizes = [1024, 4096, 16_384];
const mixture = 'examples/models/gpt-4-class-moe/config.json';

interface Ground {
  readonly catalog: Catalog;
  readonly fitted: Fitted;
}

/** The page's text. */
export function trainingExample(): string {
  const ground = {
    catalog: loadCatalog(readCatalogFiles()),
    fitted: readFitted(readCatalogFile('training-parameters.json')),
  };
  return [
    '# Trainium2, H100, H200, B200 or TPU v5p: two models at three sizes',
    `Written by \`node tools/docs/write-training-example.ts\` from the catalog as of ${asOf} and
the fitted parameters; \`entrepot plan train\` prints the same. Ranges are in parentheses: those of
validated chips are the errors on held-out published runs, those of Trainium2, for which no training
run is public, are wider and marked *unvalidated*. MFU is of the bf16 peak. Cost is with spare
hosts: on demand in the cheapest region, and taken ahead at the price of AWS's Capacity Blocks, sold
for 256 hosts and 182 days at most (\`catalog/committed-hosts.jsonl\`): what is larger takes an
agreement. Memory is of a chip, or of a rank where software sees several on one (four logical
NeuronCores on Trainium2).`,
    section(ground, 'Llama 3.1 405B, 15T tokens', 'llama-3.1-405b', 15e12),
    section(
      ground,
      'A mixture of experts of the size that the press gave GPT-4, 13T tokens',
      mixture,
      13e12,
    ),
    `The shape is made up (\`${mixture}\`): 16 experts, 2 of which work on a token, 1.78T parameters in
all. OpenAI has published none.`,
    surprises(ground),
    claim(ground),
  ]
    .join('\n\n')
    .concat('\n');
}

function plansFor(
  ground: Ground,
  model: string,
  tokens: number,
  chips: readonly number[],
  only: readonly string[],
  given: TrainingRequest['given'] = {},
): TrainingPlans {
  const request: TrainingRequest = {
    modelId: model.endsWith('.json') ? 'gpt-4-class-moe' : model,
    model: modelNamed(model).shape,
    tokens,
    sequence: 8192,
    globalBatch: 2048,
    precision: 'bf16',
    chips,
    accelerators: only,
    clouds: null,
    regions: null,
    deadlineDays: null,
    budgetUsd: null,
    asOf,
    given,
  };
  const { accelerators, instances, committedHosts } = ground.catalog;
  const { fitted } = ground;
  return makeTrainingPlans(request, {
    accelerators,
    instances,
    fitted,
    ownPrices: [],
    committedHosts,
    limits: null,
  });
}

function section(ground: Ground, title: string, model: string, tokens: number): string {
  const plans = plansFor(ground, model, tokens, sizes, accelerators);
  const heads = [
    'chips',
    'accelerator',
    'layout',
    'memory',
    'step',
    'MFU',
    'goodput',
    'days',
    'cost on demand',
    'cost taken ahead',
  ];
  const rows = sizes.flatMap(chips => accelerators.map(id => row(plans, id, chips)));
  return [`## ${title}`, markdown(heads, rows), breakEven(plans)].join('\n\n');
}

/** Of an accelerator at a size, the cheapest cloud on demand. */
function cheapest(plans: TrainingPlans, id: string, chips: number): TrainingPlan | null {
  const all = plans.plans.filter(p => p.acceleratorId === id && p.chips === chips);
  const cost = (plan: TrainingPlan): number =>
    plan.cost['on-demand']?.likely ?? Number.POSITIVE_INFINITY;
  return all.sort((a, b) => cost(a) - cost(b))[0] ?? null;
}

function row(plans: TrainingPlans, id: string, chips: number): string[] {
  const plan = cheapest(plans, id, chips);
  if (plan === null) {
    const why = plans.whyNot.find(w => w.acceleratorId === id && w.chips === chips);
    return [String(chips), id, why?.reason ?? 'not planned', '', '', '', '', '', '', ''];
  }
  const { step, memory, goodput } = plan;
  const days = plan.days['on-demand']!;
  return [
    String(chips),
    `${id}, ${plan.host.cloud}${plan.unvalidated ? ' (*unvalidated*)' : ''}`,
    layoutText(plan.layout),
    `${gigabytes(memory.totalBytes)} of ${gigabytes(memory.capacityBytes)}${plan.host.ranksPerChip > 1 ? ' a rank' : ''}`,
    time(step.seconds.likely),
    percent(step.mfu.likely),
    percent(goodput.share.likely),
    `${digits(days.likely)} (${digits(days.low)}-${digits(days.high)})`,
    costText(plan.cost['on-demand']),
    costText(plan.cost.committed),
  ];
}

function costText(cost: Interval | null): string {
  if (cost === null) return 'price unknown';
  return `${usd(cost.likely)} (${usd(cost.low)}-${usd(cost.high)})`;
}

/** What an hour of a host of Trainium2 may cost, so that a job costs no more than on H100. */
function breakEven(plans: TrainingPlans): string {
  const lines = sizes.flatMap(chips => {
    const trainium = cheapest(plans, 'Trainium2', chips);
    const h100 = cheapest(plans, 'H100-SXM', chips);
    const cost = h100?.cost['on-demand'];
    if (!trainium || !h100 || !cost) return [];
    const { count: hosts, spares: spareHosts } = trainium.host;
    const { low, likely, high } = trainium.days['on-demand']!;
    const at = (days: number): string =>
      `$${breakEvenUsdPerHour(cost.likely, { hosts, spareHosts }, days).toFixed(1)}`;
    return [
      `- ${chips} chips: ${at(likely)} (${at(high)}-${at(low)}), against ${h100.host.instance} on ${h100.host.cloud} at $${h100.host.usdPerHour['on-demand']!.toFixed(2)}`,
    ];
  });
  const sold = cheapest(plans, 'Trainium2', sizes[0]!)?.host.usdPerHour.committed ?? null;
  const known =
    sold === null
      ? 'No price of it is known.'
      : `It is sold ahead, in Capacity Blocks, at $${sold.toFixed(2)}; its price on demand is not known.`;
  return `The job costs less on Trainium2 than on the cheapest H100 on demand, at the same number of chips, when
an hour of \`trn2.48xlarge\` (16 chips) costs less than the figures below.
${known}

${lines.join('\n')}`;
}

/** What a reader would stumble over, with the figures that explain it. */
function surprises(ground: Ground): string {
  const plans = plansFor(ground, 'llama-3.1-405b', 15e12, sizes, accelerators);
  const [few, , many] = sizes as [number, number, number];
  const at = (id: string, chips: number): TrainingPlan => cheapest(plans, id, chips)!;
  const own = { tp: 8, sp: true, pp: 16, microBatch: 1 };
  const meta = plansFor(ground, 'llama-3.1-405b', 15e12, [many], ['H100-SXM'], own);
  const theirs = cheapest(meta, 'H100-SXM', many)!;
  const best = at('H100-SXM', many);
  const mfu = (plan: TrainingPlan): string => percent(plan.step.mfu.likely);
  const step = (plan: TrainingPlan): string => time(plan.step.seconds.likely);
  const [low, high] = [percent(theirs.step.mfu.low), percent(theirs.step.mfu.high)];
  const b200 = at('B200', many);
  const bubble = percent(b200.step.parts.bubble / b200.step.seconds.likely);
  const progress = (chips: number): number => at('H100-SXM', chips).goodput.share.likely;
  return `## What may surprise

- **The best layout on H100 is above Meta's.** In that of Meta (tp 8, pp 16) a step on
  ${many} H100 is predicted to take ${step(theirs)}
  at an MFU of ${mfu(theirs)} (${low}-${high}); Meta reports
  41 % at that size (arXiv 2407.21783, table 4). The layout in the table
  (${layoutText(best.layout)}) is the fastest of all that fit, at
  ${mfu(best)}: nobody has published a run of it, so that the difference is a promise of physics.
- **H200 is hardly faster than H100.** It has the same matrix units; more memory saves
  recomputation and cuts, which matters most on few chips
  (${step(at('H100-SXM', few))} against ${step(at('H200', few))} a step on ${few}).
- **B200 reaches a lower share of its peak** (${mfu(b200)} on ${many}): it computes faster, its
  network between hosts does not send faster, so that what waits (the pipeline's bubble is
  ${bubble} of a step) weighs more.
- **TPU v5p reaches the highest share of its peak** (${mfu(at('TPU-v5p', few))} on ${few}),
  the lowest peak in the table: its torus hides the gathering of sharded weights, as its published
  runs show.
- **More chips cost more.** A batch of 2,048 sequences is divided over more of them, and a larger
  job is interrupted more often: ${percent(1 - progress(many) / progress(few))} less of the time is
  progress on ${many} than on ${few}.`;
}

function claim(ground: Ground): string {
  const find = (id: string) => ground.catalog.accelerators.find(a => a.id === id)!;
  const [one, two] = [find('Trainium1'), find('Trainium2')];
  const times = (a: number | null, b: number | null): string =>
    a === null || b === null ? 'unknown' : `x${(b / a).toFixed(2)}`;
  const figures: string[][] = [
    ['bf16 peak', 'denseBf16Tflops'],
    ['fp8 peak over bf16 of Trainium1', 'denseFp8Tflops'],
    ['memory', 'hbmBytes'],
    ['memory bandwidth', 'hbmBytesPerSecond'],
    ['link out of a chip, inside the domain', 'scaleUpBytesPerSecond'],
    ['network of a chip, between hosts', 'networkBitsPerSecond'],
  ].map(([name, key]) => {
    const before =
      key === 'denseFp8Tflops' ? one.denseBf16Tflops : (one[key as 'hbmBytes'] ?? null);
    return [name!, times(before, two[key as 'hbmBytes'])];
  });
  const measured = ['llama-3.1-8b', 'llama-3.1-70b', 'llama-3.1-405b'].map(model => {
    const chips = model.endsWith('8b') ? 256 : 2048;
    const plans = plansFor(ground, model, 1e12, [chips], ['Trainium1', 'Trainium2']);
    const [a, b] = [cheapest(plans, 'Trainium1', chips), cheapest(plans, 'Trainium2', chips)];
    if (a === null || b === null) return [`${model}, ${chips} chips`, 'no plan', '', ''];
    const ratio = (x: number): string => `x${x.toFixed(2)}`;
    const [slow, fast] = [a.step.seconds, b.step.seconds];
    return [
      `${model}, ${chips} chips`,
      time(slow.likely),
      time(fast.likely),
      `${ratio(slow.likely / fast.likely)} (${ratio(slow.low / fast.high)}-${ratio(slow.high / fast.low)})`,
    ];
  });
  return [
    '## "4x faster, 3x memory": Trainium2 over Trainium1',
    'AWS says that Trainium2 trains up to four times as fast as Trainium1 with three times its memory.',
    'From the chips alone:',
    markdown(['figure', 'Trainium2 over Trainium1'], figures),
    'and for a step of training in bf16 by the same physics, which on Trainium1 was fitted to published\nruns and on Trainium2 was not:',
    markdown(['job', 'Trainium1', 'Trainium2', 'ratio'], measured),
    verdict(
      times(one.denseBf16Tflops, two.denseBf16Tflops),
      times(one.hbmBytesPerSecond, two.hbmBytesPerSecond),
      times(one.denseBf16Tflops, two.denseFp8Tflops),
    ),
  ].join('\n\n');
}

function verdict(peak: string, bandwidth: string, fp8: string): string {
  return `Three times the memory is so. Four times the speed is more than the chips' bf16 figures
give: the peak is ${peak} and the memory's bandwidth ${bandwidth}, and a job that either of them
limits gains no more than that. A ratio above those in the last table has two sources: more memory
(less recomputation, fewer cuts, less communication), and that Trainium1 is given the share of its
peak that its published runs reached, Trainium2 what is usual, since none of its own are public.
With fp8, which Trainium1 does not have at twice its rate, the peak alone would allow ${fp8}. So: up
to four times is possible where the software of Trainium2 is better than that of Trainium1 was, or
in fp8; from bf16 silicon alone it is ${peak}.`;
}

function markdown(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
