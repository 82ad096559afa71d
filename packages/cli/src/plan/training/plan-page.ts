// Training plans as one page with charts.

import { type HostTerm, hostTerms } from '@entrepot/planner/cost/host-offer';
import type { Interval } from '@entrepot/planner/interval';
import type { TrainingPlan, TrainingPlans } from '@entrepot/planner/plan/training-plan';
import { type Chart, chartFigure } from '../../html/chart.ts';
import { html } from '../../html/html.ts';
import { renderPage } from '../../html/page.ts';
import { htmlTable } from '../../html/table.ts';
import { digits, gigabytes, percent, short, usd } from '../quantity.ts';
import { stepNames } from './explain-text.ts';
import { layoutText } from './layout-text.ts';

export function plansPage(plans: TrainingPlans): string {
  const { total } = plans.parameters;
  const shown = plans.plans.filter(plan => plan.isPareto);
  return renderPage({
    title: `Training ${plans.modelId}`,
    lead: `${short(total)} parameters, ${short(plans.tokens)} tokens, ${plans.precision}; prices as of ${plans.asOf}.`,
    ...(plans.plans.length === 0 ? { notice: 'There is no plan: see why not.' } : {}),
    sections: [
      { title: 'Plans', body: planTable(plans.plans) },
      {
        title: 'Cost and time',
        body: html`<div class="charts">${[costChart(shown), daysChart(shown)].map(chartFigure)}</div>`,
      },
      {
        title: 'Where it goes',
        body: html`<div class="charts">${[stepChart(shown), memoryChart(shown)].map(chartFigure)}</div>`,
      },
      ...(plans.whyNot.length === 0 ? [] : [{ title: 'Why not', body: whyNot(plans) }]),
      {
        title: 'What is assumed',
        body: html`<ul>${plans.assumptions.map(a => html`<li>${a}</li>`)}</ul>`,
      },
    ],
    footer: 'Made by entrepot plan train. Charts show the Pareto set of cost, days and chips.',
  });
}

const heads = [
  'Plan',
  'Hosts',
  'Layout',
  'Memory',
  'MFU',
  'Goodput',
  'Days',
  ...hostTerms.map(term => `Cost ${term}`),
];

function planTable(plans: readonly TrainingPlan[]) {
  const columns = heads.map((title, i) => {
    return { title, align: i < 3 ? ('left' as const) : ('right' as const) };
  });
  const rows = plans.map(plan => {
    const days = plan.days[plan.cheapestTerm ?? 'on-demand'];
    const { memory, host } = plan;
    return [
      `${plan.isPareto ? '* ' : ''}${plan.id}${plan.unvalidated ? ' (unvalidated)' : ''}`,
      `${host.count} + ${host.spares} ${host.instance}`,
      layoutText(plan.layout),
      `${gigabytes(memory.totalBytes)} of ${gigabytes(memory.capacityBytes)}`,
      percent(plan.step.mfu.likely),
      percent(plan.goodput.share.likely),
      days === null ? '' : `${digits(days.likely)} (${digits(days.low)}-${digits(days.high)})`,
      ...hostTerms.map(term => {
        const cost = plan.cost[term];
        if (cost === null) return 'unknown';
        return `${usd(cost.likely)} (${usd(cost.low)}-${usd(cost.high)})`;
      }),
    ];
  });
  return htmlTable(columns, rows);
}

function costChart(plans: readonly TrainingPlan[]): Chart {
  const millions = (term: HostTerm, end: keyof Interval): (number | null)[] =>
    plans.map(({ cost }) => (cost[term] === null ? null : cost[term][end] / 1e6));
  return {
    kind: 'bars',
    title: 'Cost by term in millions, with ranges',
    unit: 'usd',
    x: plans.map(plan => plan.id),
    series: hostTerms.map(term => ({
      label: term,
      values: millions(term, 'likely'),
      low: millions(term, 'low'),
      high: millions(term, 'high'),
    })),
  };
}

function daysChart(plans: readonly TrainingPlan[]): Chart {
  const days = plans.map(plan => plan.days[plan.cheapestTerm ?? 'on-demand']);
  return {
    kind: 'bars',
    title: 'Days, with ranges',
    unit: 'count',
    x: plans.map(plan => plan.id),
    series: [
      {
        label: 'days',
        values: days.map(d => d?.likely ?? null),
        low: days.map(d => d?.low ?? null),
        high: days.map(d => d?.high ?? null),
      },
    ],
  };
}

function stepChart(plans: readonly TrainingPlan[]): Chart {
  const parts = Object.keys(plans[0]?.step.parts ?? {}) as (keyof TrainingPlan['step']['parts'])[];
  return {
    kind: 'bars',
    title: 'Share of a step by part',
    unit: 'share',
    x: plans.map(plan => plan.id),
    series: parts
      .filter(part => plans.some(plan => plan.step.parts[part] > 0.005 * plan.step.seconds.likely))
      .map(part => ({
        label: stepNames[part] ?? part,
        values: plans.map(plan => plan.step.parts[part] / plan.step.seconds.likely),
      })),
  };
}

const memoryParts = [
  ['weights', 'weightBytes'],
  ['gradients', 'gradientBytes'],
  ['optimizer', 'optimizerBytes'],
  ['activations', 'activationBytes'],
  ['logits', 'logitBytes'],
  ['gathered', 'gatheredBytes'],
  ['reserved', 'reservedBytes'],
] as const;

function memoryChart(plans: readonly TrainingPlan[]): Chart {
  return {
    kind: 'bars',
    title: 'Share of capacity by part of memory',
    unit: 'share',
    x: plans.map(plan => plan.id),
    series: memoryParts.map(([label, part]) => ({
      label,
      values: plans.map(plan => plan.memory[part] / plan.memory.capacityBytes),
    })),
  };
}

function whyNot({ whyNot: reasons }: TrainingPlans) {
  const columns = ['Accelerator', 'Cloud', 'Chips', 'Why'].map(title => {
    return { title, align: 'left' as const };
  });
  const rows = reasons.map(r => [r.acceleratorId, r.cloud ?? '', String(r.chips ?? ''), r.reason]);
  return htmlTable(columns, rows);
}
