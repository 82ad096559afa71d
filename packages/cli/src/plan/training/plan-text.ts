// Training plans for the terminal: the Pareto set as a table, the first plan in full, and why not.

import { hostTerms } from '@entrepot/planner/cost/host-offer';
import type { Interval } from '@entrepot/planner/interval';
import { rate } from '@entrepot/planner/plan/pareto';
import type { TrainingPlan, TrainingPlans } from '@entrepot/planner/plan/training-plan';
import { left, right, table } from '../../commands/catalog/table.ts';
import { digits, percent, short, usd } from '../quantity.ts';
import { explainPlan } from './explain-text.ts';
import { layoutText } from './layout-text.ts';

const columns = [
  left(''),
  left('ACCELERATOR'),
  left('CLOUD'),
  right('CHIPS'),
  left('LAYOUT'),
  right('MFU'),
  right('GOODPUT'),
  right('DAYS'),
  left('COST'),
  left('TERM'),
];

/** All that is printed of plans. */
export function plansText(plans: TrainingPlans, isAll: boolean): string {
  const { total, active } = plans.parameters;
  const size =
    active < total ? `${short(total)} parameters, ${short(active)} active` : short(total);
  const head = [
    `${plans.modelId} (${size}), ${short(plans.tokens)} tokens, sequences of ${plans.sequence},`,
    `batch ${plans.globalBatch}, ${plans.precision}, prices as of ${plans.asOf}`,
  ].join(' ');
  if (plans.plans.length === 0) return [head, noPlanText(plans), whyNotText(plans)].join('\n\n');
  const shown = isAll ? plans.plans : notable(plans.plans);
  const more = plans.plans.length - shown.length;
  const marks = [
    '* in the Pareto set of cost, days and chips. u: unvalidated, no run of the chip is public.',
    'Ranges are in parentheses. Cost is on the cheapest term whose price is known.',
    ...(more > 0
      ? [`Beside the Pareto set, the cheapest of each seller; --all adds ${more}.`]
      : []),
  ];
  const parts = [
    head,
    table(columns, shown.map(toCells)),
    marks.join('\n'),
    explainPlan(plans.plans[0]!),
  ];
  if (plans.whyNot.length > 0) parts.push(whyNotText(plans));
  parts.push(`Assumed\n${plans.assumptions.map(a => `  ${a}`).join('\n')}`);
  return parts.join('\n\n');
}

/** The Pareto set, and of each accelerator on each cloud the first in the order of plans. */
function notable(plans: readonly TrainingPlan[]): TrainingPlan[] {
  const seen = new Set<string>();
  return plans.filter(plan => {
    const seller = `${plan.acceleratorId} ${plan.host.cloud}`;
    const isFirst = !seen.has(seller);
    seen.add(seller);
    return plan.isPareto || isFirst;
  });
}

function toCells(plan: TrainingPlan): string[] {
  const { usd: cost, days } = rate(plan);
  const term = plan.cheapestTerm ?? 'on-demand';
  const interval = plan.cost[term];
  const { cloud, region } = plan.host;
  const place = plan.id.includes(`/${region}/`) ? `${cloud} ${region}` : cloud;
  const wait = plan.waitDays > 0 ? `${plan.waitDays} + ` : '';
  return [
    `${plan.isPareto ? '*' : ' '}${plan.unvalidated ? 'u' : ''}`,
    plan.acceleratorId,
    place,
    String(plan.chips),
    layoutText(plan.layout),
    percent(plan.step.mfu.likely),
    percent(plan.goodput.share.likely),
    `${wait}${digits(days - plan.waitDays)} ${range(plan.days[term], digits)}`,
    cost === null || interval === null ? 'unknown' : `${usd(cost)} ${range(interval, usd)}`,
    cost === null ? hostTerms.filter(t => plan.host.usdPerHour[t] !== null).join(', ') : term,
  ];
}

export function range(interval: Interval | null, show: (value: number) => string): string {
  return interval === null ? '' : `(${show(interval.low)}-${show(interval.high)})`;
}

/** That there is none; and with which deadline or budget there would be one. */
export function noPlanText({ nearest, budgetUsd, deadlineDays }: TrainingPlans): string {
  if (nearest.length === 0) return 'There is no plan.';
  const lines = nearest.map(({ id, usd: cost, days }) => {
    const asked: string[] = [];
    if (deadlineDays !== null) asked.push(`--deadline ${Math.ceil(days)}d`);
    if (budgetUsd !== null && cost !== null) asked.push(`--budget ${Math.ceil(cost / 1e5) / 10}M`);
    return `  ${id}: ${asked.join(' ')}`;
  });
  return ['There is no plan within these limits. Nearest would be', ...lines].join('\n');
}

/** Reasons that hold at several numbers of chips, or for several accelerators, are said once. */
function whyNotText({ whyNot }: TrainingPlans): string {
  const places = new Map<string, Set<string>>();
  const everywhere = new Map<string, string[]>();
  for (const { acceleratorId, cloud, chips, reason } of whyNot) {
    const where = [cloud, chips === null ? null : `${chips} chips`].filter(part => part !== null);
    if (where.length === 0) {
      everywhere.set(reason, [...(everywhere.get(reason) ?? []), acceleratorId]);
      continue;
    }
    const key = `${acceleratorId}\n${reason}`;
    places.set(key, (places.get(key) ?? new Set()).add(where.join(' ')));
  }
  const lines = [...places].map(([key, where]) => {
    const [acceleratorId, reason] = key.split('\n');
    return `  ${acceleratorId} (${[...where].join(', ')}): ${reason}`;
  });
  for (const [reason, ids] of everywhere) lines.push(`  ${ids.join(', ')}: ${reason}`);
  return `Why not\n${lines.join('\n')}`;
}
