// A report as one HTML page.

import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import type { WhatIfReport } from '@entrepot/replay/what-if/report';
import { type Chart, chartFigure } from '../html/chart.ts';
import { type Html, html } from '../html/html.ts';
import { renderPage, type Section } from '../html/page.ts';
import { htmlTable } from '../html/table.ts';
import { whole } from './figure-text.ts';
import {
  assumedLines,
  costRows,
  effectLines,
  figureRows,
  leavingRows,
  mergerLines,
  type ReportRow,
  type Shown,
  whyRows,
} from './report-rows.ts';

export function reportPage(report: Shown): string {
  const { traffic, base, scenarios } = report;
  const names = [base.name, ...scenarios.map(one => one.name)];
  const span = `${(traffic.spanSeconds / 3600).toFixed(2)} hours`;
  const compared = scenarios.length === 0 ? '' : `, through ${scenarios.length} changed worlds`;
  return renderPage({
    title: `What if: ${traffic.name}`,
    lead: `${whole(traffic.requests)} requests in ${span} (${traffic.source}), replayed through the decisions of the gateway${compared}. ${seedsText(base)}`,
    notices: [
      ...(report.isPartial
        ? ['Partial: it was stopped before the end. Figures are of what was replayed.']
        : []),
      ...effectLines(report),
    ],
    sections: [
      { title: 'Cases', body: caseList(report) },
      { title: 'Side by side', body: table('', names, figureRows(report)) },
      { title: 'Charts', body: charts(report) },
      ...(scenarios.length === 0 ? [] : [whySection(report)]),
      { title: 'Cost by cloud', body: table('cloud', names, costRows(report, 'costByCloud')) },
      { title: 'Cost by model', body: table('model', names, costRows(report, 'costByModel')) },
      ...keySection(report, names),
      { title: 'Leaving a cloud', body: leaving(report, names) },
      { title: 'What is assumed', body: assumed(report) },
    ],
    footer: `Made by entrepot what-if. Intervals hold 90 % of what the seeds gave.`,
  });
}

function seedsText({ seeds }: CaseReport): string {
  if (seeds === 1) return 'One replay of each: no intervals.';
  return `${seeds} replays of each, with 90 % intervals.`;
}

function caseList({ base, scenarios }: WhatIfReport): Html {
  const items = [base, ...scenarios].map(
    one => html`<li><strong>${one.name}</strong>: ${one.title}</li>`,
  );
  return html`<ul>${items}</ul>`;
}

function table(title: string, names: readonly string[], rows: readonly ReportRow[]): Html {
  const columns = names.map(name => ({ title: name, align: 'right' as const }));
  return htmlTable([{ title, align: 'left' }, ...columns], rows);
}

function charts(report: WhatIfReport): Html {
  const cases = [report.base, ...report.scenarios];
  const x = cases.map(one => one.name);
  const clouds = [...new Set(cases.flatMap(one => Object.keys(one.costByCloud)))].filter(cloud =>
    cases.some(one => (one.costByCloud[cloud] ?? 0) !== 0),
  );
  const latency = (key: 'ttftMs' | 'totalMs', title: string): Chart => ({
    kind: 'bars',
    title,
    unit: 'ms',
    x,
    series: (['p50', 'p95', 'p99'] as const).map(q => ({
      label: q,
      values: cases.map(one => one[key][q]),
      low: cases.map(one => one.intervals[key][q]?.[0] ?? null),
      high: cases.map(one => one.intervals[key][q]?.[1] ?? null),
    })),
  });
  const single = (
    title: string,
    unit: Chart['unit'],
    of: (one: CaseReport) => number | null,
    key: 'costUsd' | 'hhi',
  ): Chart => ({
    kind: 'bars',
    title,
    unit,
    x,
    series: [
      {
        label: title,
        values: cases.map(of),
        low: cases.map(one => one.intervals[key]?.[0] ?? null),
        high: cases.map(one => one.intervals[key]?.[1] ?? null),
      },
    ],
  });
  const byCloud: Chart = {
    kind: 'bars',
    title: 'Cost by cloud',
    unit: 'usd',
    x,
    series: clouds.map(cloud => ({
      label: cloud,
      values: cases.map(one => one.costByCloud[cloud] ?? 0),
    })),
  };
  const all = [
    single('Cost', 'usd', one => one.costUsd, 'costUsd'),
    byCloud,
    latency('ttftMs', 'Time to first token'),
    latency('totalMs', 'Total time'),
    single('HHI by cloud', 'count', one => one.hhi, 'hhi'),
    ...(report.scenarios.length === 0 ? [] : [whyChart(report)]),
  ];
  return html`<div class="charts">${all.map(chartFigure)}</div>`;
}

function whyChart({ scenarios }: WhatIfReport): Chart {
  const effects = ['price', 'routing', 'cache', 'failure', 'capacity', 'traffic'] as const;
  return {
    kind: 'bars',
    title: 'Why the cost changes',
    unit: 'usd',
    x: scenarios.map(one => one.name),
    series: effects.map(effect => ({
      label: effect,
      values: scenarios.map(one => one.change.why[`${effect}Usd`]),
    })),
  };
}

function whySection(report: WhatIfReport): Section {
  const names = report.scenarios.map(one => one.name);
  const notes = mergerLines(report).map(line => html`<p>${line}.</p>`);
  const body = html`<p>Effects add up to the change. One kind of thing changes at a time: prices, what caches save, routing, failures, capacity, then traffic.</p>
${table('effect', names, whyRows(report))}
${notes}`;
  return { title: 'Why', body };
}

function keySection(report: WhatIfReport, names: readonly string[]): Section[] {
  const rows = costRows(report, 'costByKey');
  return rows.length < 2 ? [] : [{ title: 'Cost by key', body: table('key', names, rows) }];
}

function leaving(report: WhatIfReport, names: readonly string[]): Html {
  return html`<p>What the next best offers on other clouds would cost more, where the policy knows one.</p>
${table('cloud', names, leavingRows(report))}`;
}

function assumed(report: WhatIfReport): Html {
  return html`<ul>${assumedLines(report).map(sentence => html`<li>${sentence}</li>`)}</ul>`;
}
