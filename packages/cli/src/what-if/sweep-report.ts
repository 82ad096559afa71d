// The report of a sweep: every case of it in a line, and which of them no other beats.

import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import { left, right, table } from '../commands/catalog/table.ts';
import { type Chart, chartFigure } from '../html/chart.ts';
import { html } from '../html/html.ts';
import { renderPage } from '../html/page.ts';
import { htmlTable } from '../html/table.ts';
import { figure, ms, percent, usd, whole } from './figure-text.ts';
import { type Aim, aims, frontierOf, lacking } from './frontier.ts';
import { figureText } from './quality-report.ts';
import { assumedLines, type Shown } from './report-rows.ts';

/** The last says whether a case is on the frontier. */
function titlesOf(report: Shown): string[] {
  const figures = ['cost', 'TTFT p95', 'total time p95', 'availability', 'HHI by cloud'];
  return [...figures, ...(isScored(report) ? ['quality'] : []), ''];
}

function isScored({ quality }: Shown): boolean {
  return quality !== undefined && Object.keys(quality).length > 0;
}

function aimsOf(report: Shown): Aim[] {
  const usual = Object.values(aims);
  return isScored(report) ? [...usual, lacking(report.quality!)] : usual;
}

function aimsText(report: Shown): string {
  return `cost, TTFT, availability${isScored(report) ? ', HHI and quality' : ' and HHI'}`;
}

function cellsOf(report: Shown, one: CaseReport, frontier: readonly CaseReport[]): string[] {
  const { intervals } = one;
  const scored = report.quality?.[one.name];
  return [
    one.name,
    figure(one.costUsd, intervals.costUsd, usd),
    figure(one.ttftMs.p95, intervals.ttftMs.p95, ms),
    figure(one.totalMs.p95, intervals.totalMs.p95, ms),
    figure(one.availability, intervals.availability, percent),
    figure(one.hhi, intervals.hhi, whole),
    ...(isScored(report) ? [scored === undefined ? 'unknown' : figureText(scored)] : []),
    frontier.includes(one) ? 'frontier' : '',
  ];
}

/** Of the scenario that all cases are under. A case that is as the base is needs no notice here. */
function unmet({ scenarios }: Shown): string[] {
  return [...new Set(scenarios.flatMap(one => one.withoutEffect))];
}

export function showSweep(report: Shown): string {
  const { traffic, base, scenarios } = report;
  const titles = titlesOf(report);
  const frontier = frontierOf([base, ...scenarios], aimsOf(report));
  const rows = [base, ...scenarios].map(one => cellsOf(report, one, frontier));
  const last = titles.length - 1;
  const columns = [left('case'), ...titles.map((t, i) => (i === last ? left(t) : right(t)))];
  return [
    ...(report.isPartial ? ['PARTIAL: stopped before the end', ''] : []),
    `${traffic.name}: ${whole(traffic.requests)} requests, ${base.seeds} seeds of each case`,
    ...unmet(report).map(line => `! ${line}`),
    '',
    table(columns, rows),
    '',
    `No other case beats one of the frontier in ${aimsText(report)} together.`,
    '',
    'Assumed:',
    ...assumedLines(report).map(sentence => `  - ${sentence}`),
  ].join('\n');
}

export function sweepPage(report: Shown): string {
  const { traffic, base, scenarios } = report;
  const cases = [base, ...scenarios];
  const frontier = frontierOf(cases, aimsOf(report));
  const columns = titlesOf(report).map(title => ({ title, align: 'right' as const }));
  const rows = cases.map(one => cellsOf(report, one, frontier));
  const charts = [
    against('HHI by cloud', 'count', cases, aims.concentration),
    against('Time to first token, p95', 'ms', cases, aims.latency),
    against('Requests that fail', 'share', cases, aims.failing),
    ...(isScored(report)
      ? [against('Lacking of full quality', 'share', cases, lacking(report.quality!))]
      : []),
  ];
  return renderPage({
    title: `Sweep: ${traffic.name}`,
    lead: `${whole(traffic.requests)} requests (${traffic.source}), ${base.seeds} replays of each of ${cases.length} cases.`,
    notices: [
      ...(report.isPartial ? ['Partial: it was stopped before the end.'] : []),
      ...unmet(report),
    ],
    sections: [
      { title: 'Cost against', body: html`<div class="charts">${charts.map(chartFigure)}</div>` },
      { title: 'Cases', body: htmlTable([{ title: 'case', align: 'left' }, ...columns], rows) },
      {
        title: 'What is assumed',
        body: html`<ul>${assumedLines(report).map(sentence => html`<li>${sentence}</li>`)}</ul>`,
      },
    ],
    footer: `Made by entrepot what-if sweep. No other case beats one of the frontier in ${aimsText(report)} together.`,
  });
}

/** Cost from left to right: uPlot wants x to ascend. */
function against(title: string, unit: Chart['unit'], cases: readonly CaseReport[], of: Aim): Chart {
  const sorted = cases.toSorted((a, b) => a.costUsd - b.costUsd);
  const frontier = frontierOf(sorted, [aims.cost, of]);
  const only = (wanted: boolean): (number | null)[] =>
    sorted.map(one => (frontier.includes(one) === wanted ? of(one) : null));
  return {
    kind: 'points',
    title: `${title}, by cost`,
    unit,
    x: sorted.map(one => one.costUsd),
    xTitle: 'cost',
    xUnit: 'usd',
    series: [
      { label: 'not beaten in both', values: only(true) },
      { label: 'beaten', values: only(false) },
    ],
    names: sorted.map(one => one.name),
  };
}
