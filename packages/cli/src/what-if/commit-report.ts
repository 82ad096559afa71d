// What could be bought in advance, what each purchase would save, and from when on it pays.

import type { ScenarioReport, WhatIfReport } from '@entrepot/replay/what-if/report';
import { left, right, table } from '../commands/catalog/table.ts';
import { chartFigure } from '../html/chart.ts';
import { html } from '../html/html.ts';
import { renderPage } from '../html/page.ts';
import { htmlTable } from '../html/table.ts';
import type { BestPurchase } from './best-purchase.ts';
import { figure, percent, usd, usdChange, whole } from './figure-text.ts';
import type { Purchase } from './purchase.ts';
import { assumedLines } from './report-rows.ts';

export interface Bought extends Purchase {
  readonly best: BestPurchase;
}

export interface CommitReport extends WhatIfReport {
  /** One for each scenario of the report, in the same order; the best first. */
  readonly purchases: readonly CommitLine[];
}

export interface CommitLine {
  readonly name: string;
  readonly term: string;
  readonly units: number;
  readonly usdPerHour: number;
  readonly usedShare: number;
  readonly breakEvenShare: number;
  readonly breakEvenTraffic: number | null;
  /** Below zero it costs more than it saves. For a month of 730 hours like those of the traffic. */
  readonly savingUsdPerMonth: number;
  readonly savingInterval: readonly [number, number] | null;
}

const monthHours = 730;

export function commitReport(report: WhatIfReport, bought: readonly Bought[]): CommitReport {
  const months = report.traffic.spanSeconds / 3600 / monthHours;
  const line = (one: ScenarioReport): CommitLine => {
    const { best, term, units, nanoUsdPerHour } = bought.find(b => b.name === one.name)!;
    const { costUsd, intervals } = one.change;
    const [low, high] = intervals.costUsd ?? [costUsd, costUsd];
    return {
      name: one.name,
      term: term.term,
      units,
      usdPerHour: nanoUsdPerHour / 1e9,
      usedShare: best.usedShare,
      breakEvenShare: best.breakEvenShare,
      breakEvenTraffic: best.breakEvenTraffic,
      savingUsdPerMonth: -costUsd / months,
      savingInterval: intervals.costUsd === null ? null : [-high / months, -low / months],
    };
  };
  const scenarios = report.scenarios.toSorted((a, b) => a.change.costUsd - b.change.costUsd);
  const assumed = [
    'the traffic is taken to go on for the whole term as it is here',
    'a purchase is tried first, and what it has no room for pays by the token',
    ...report.assumed,
  ];
  return { ...report, scenarios, assumed, purchases: scenarios.map(line) };
}

const titles = ['units', 'USD/hour', 'used', 'pays from use', 'pays from traffic', 'saves a month'];

function cells(line: CommitLine): string[] {
  const { units, usdPerHour, usedShare, breakEvenShare, breakEvenTraffic } = line;
  return [
    line.name,
    units === 0 ? '-' : whole(units),
    usd(usdPerHour),
    percent(Number(usedShare.toFixed(3))),
    breakEvenShare > 1 ? 'never' : percent(Number(breakEvenShare.toFixed(3))),
    breakEvenTraffic === null ? 'never' : `x ${Number(breakEvenTraffic.toPrecision(3))}`,
    figure(line.savingUsdPerMonth, line.savingInterval, usdChange),
  ];
}

export function showCommit(report: CommitReport): string {
  const { traffic, base, purchases } = report;
  const best = purchases[0];
  const pays = best !== undefined && best.savingUsdPerMonth > 0;
  const perMonth = (base.costUsd * monthHours * 3600) / traffic.spanSeconds;
  return [
    ...(report.isPartial ? ['PARTIAL: stopped before the end', ''] : []),
    `${traffic.name}: ${whole(traffic.requests)} requests; by the token ${usd(perMonth)} a month`,
    '',
    table([left('purchase'), ...titles.map(right)], purchases.map(cells)),
    '',
    pays
      ? `Best: ${best.name}, which saves ${usd(best.savingUsdPerMonth)} a month.`
      : 'Nothing of it pays for this traffic: buy by the token.',
    '',
    'Assumed:',
    ...assumedLines(report).map(sentence => `  - ${sentence}`),
  ].join('\n');
}

export function commitPage(report: CommitReport): string {
  const { traffic, base, purchases } = report;
  const columns = titles.map(title => ({ title, align: 'right' as const }));
  const chart = chartFigure({
    kind: 'bars',
    title: 'Saved a month',
    unit: 'usd',
    // The region and the model tell offers apart; the service would leave no room for them.
    x: purchases.map(line => line.name.replace(/^[^/]+\//, '')),
    series: [
      {
        label: 'saved a month',
        values: purchases.map(line => line.savingUsdPerMonth),
        low: purchases.map(line => line.savingInterval?.[0] ?? null),
        high: purchases.map(line => line.savingInterval?.[1] ?? null),
      },
    ],
  });
  return renderPage({
    title: `What to buy in advance: ${traffic.name}`,
    lead: `${whole(traffic.requests)} requests (${traffic.source}), ${base.seeds} replays of each purchase.`,
    ...(report.isPartial ? { notices: ['Partial: it was stopped before the end.'] } : {}),
    sections: [
      {
        title: 'Purchases',
        body: htmlTable([{ title: 'purchase', align: 'left' }, ...columns], purchases.map(cells)),
      },
      { title: 'Savings', body: chart },
      {
        title: 'What is assumed',
        body: html`<ul>${assumedLines(report).map(sentence => html`<li>${sentence}</li>`)}</ul>`,
      },
    ],
    footer: 'Made by entrepot what-if commit.',
  });
}
