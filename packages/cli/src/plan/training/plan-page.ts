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
import { noPlanText } from './plan-text.ts';

export function plansPage(plans: TrainingPlans): string {
  const { total } = plans.parameters;
  const shown = plans.plans.filter(plan => plan.isPareto);
  return renderPage({
    title: `Training ${plans.modelId}`,
    lead: `${short(total)} parameters, ${short(plans.tokens)} tokens, ${plans.precision}; prices as of ${plans.asOf}.`,
    ...(plans.plans.length === 0 ? { notice: noPlanText(plans) } : {}),
    sections: [
      { title: 'Plans', body: planTable(plans.plans) },
      {
        title: 'Cost and time',
        body: html`<div class="charts">${[costChart(shown), daysChart(shown)].map(chartFigure)}</div>`,
      },
      { title: 'Cost by term', body: termTable(plans.plans) },
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

function columnsOf(heads: readonly string[], texts: number) {
  return heads.map((title, i) => {
    return { title, align: i < texts ? ('left' as const) : ('right' as const) };
  });
}

function nameOf(plan: TrainingPlan): string {
  return `${plan.isPareto ? '* ' : ''}${plan.id}${plan.unvalidated ? ' (unvalidated)' : ''}`;
}

function ranged(interval: Interval, show: (value: number) => string): string {
  const { low, likely, high } = interval;
  return `${show(likely)} (${show(low)} to ${show(high)})`;
}

function planTable(plans: readonly TrainingPlan[]) {
  const heads = ['Plan', 'Hosts and layout', 'Memory', 'MFU', 'Goodput', 'Days', 'Cost'];
  const rows = plans.map(plan => {
    const term = plan.cheapestTerm ?? 'on-demand';
    const [days, cost] = [plan.days[term], plan.cost[term]];
    const { memory, host } = plan;
    return [
      nameOf(plan),
      `${host.count} + ${host.spares} ${host.instance}: ${layoutText(plan.layout)}`,
      `${gigabytes(memory.totalBytes)} of ${gigabytes(memory.capacityBytes)}`,
      percent(plan.step.mfu.likely),
      percent(plan.goodput.share.likely),
      days === null ? '' : ranged(days, digits),
      cost === null ? 'unknown' : `${ranged(cost, usd)} ${term}`,
    ];
  });
  return htmlTable(columnsOf(heads, 2), rows);
}

function termTable(plans: readonly TrainingPlan[]) {
  const heads = ['Plan', ...hostTerms.flatMap(term => [`USD an hour, ${term}`, `Cost ${term}`])];
  const rows = plans.map(plan => [
    nameOf(plan),
    ...hostTerms.flatMap(term => {
      const [hour, cost] = [plan.host.usdPerHour[term], plan.cost[term]];
      if (hour === null) return ['unknown', ''];
      return [hour.toFixed(2), cost === null ? 'taken back too often' : ranged(cost, usd)];
    }),
  ]);
  return htmlTable(columnsOf(heads, 1), rows);
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
