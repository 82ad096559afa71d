// A serving report as one page: the tables, and the cost of hosting and of APIs by rate.

import { type Chart, chartFigure } from '../../html/chart.ts';
import { type Html, html } from '../../html/html.ts';
import { renderPage } from '../../html/page.ts';
import { htmlTable } from '../../html/table.ts';
import type { HostedPlan, ReportWish, ServingReport } from './serving-report.ts';
import { apiTable, costTable, planTable, type ReportTable } from './serving-tables.ts';
import { remarksOf } from './serving-text.ts';

/** The text of the page's file. */
export function servingPage(model: string, wish: ReportWish, report: ServingReport): string {
  const shown = ({ columns, rows }: ReportTable): Html => htmlTable(columns, rows);
  const apis = apiTable(report);
  const best = report.hosted.find(h => h.usdPerHour !== null);
  const charts: Chart[] = [costChart(report)];
  if (best !== undefined) charts.push(rateChart(report, best));
  const remarks = [
    ...remarksOf(report),
    ...report.refused.map(({ acceleratorId, why }) => `${acceleratorId}: ${why}`),
  ];
  const { ttftSeconds, tpotSeconds } = wish.slo;
  return renderPage({
    title: `${model} on chips of your own`,
    lead:
      `95 of 100 requests see their first token within ${ttftSeconds * 1000} ms and each further ` +
      `one within ${tpotSeconds * 1000} ms; prices of ${wish.asOf}, ${wish.term}.`,
    sections: [
      { title: 'What keeps the promise', body: shown(planTable(report)) },
      { title: 'What it costs', body: shown(costTable(report)) },
      { title: 'By rate', body: html`<div class="charts">${charts.map(chartFigure)}</div>` },
      ...(apis === null ? [] : [{ title: 'Against the offers of APIs', body: shown(apis) }]),
      { title: 'Remarks', body: html`<ul>${remarks.map(text => html`<li>${text}</li>`)}</ul>` },
    ],
    footer: `Fitted on ${wish.fitted.runs} published runs on ${wish.fitted.fittedOn}.`,
  });
}

/** More labels than that run into each other. */
const mostBars = 10;

function costChart({ hosted }: ServingReport): Chart {
  const priced = hosted.filter(h => h.usdPerHour !== null).slice(0, mostBars);
  return {
    kind: 'bars',
    title: 'USD an hour: the cheapest',
    unit: 'usd',
    x: priced.map(h => `${h.plan.acceleratorId} ${h.host.cloud}`),
    series: [{ label: 'hosts', values: priced.map(h => h.usdPerHour) }],
  };
}

/** Hosts are added as the rate needs them; an API's cost grows with every request. */
function rateChart({ apis }: ServingReport, best: HostedPlan): Chart {
  const { plan, host } = best;
  const rate = plan.means.requestsPerSecond;
  const perHost = rate / best.hosts;
  const rates = Array.from({ length: 41 }, (_, i) => (i * 2 * rate) / 40);
  const hosting = rates.map(r => Math.max(1, Math.ceil(r / perHost - 1e-9)) * host.usdPerHour!);
  const priced = apis.filter(api => api.usdPerHour !== null).slice(0, 4);
  return {
    kind: 'lines',
    title: 'USD an hour by requests a second',
    unit: 'usd',
    x: rates,
    xTitle: 'requests a second',
    series: [
      { label: `${plan.acceleratorId} on ${host.name}`, values: hosting },
      ...priced.map(({ offer, usdPerHour }) => ({
        label: offer.id,
        values: rates.map(r => (usdPerHour! * r) / rate),
      })),
    ],
  };
}
