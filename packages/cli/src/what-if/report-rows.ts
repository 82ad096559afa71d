// The figures of a report as rows, a cell for each case: the same in the terminal and on a page.

import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import type { ScenarioReport, WhatIfReport } from '@entrepot/replay/what-if/report';
import { figure, ms, percent, usd, usdChange, whole } from './figure-text.ts';
import { figureText, type QualityReport } from './quality-report.ts';

export type ReportRow = readonly [title: string, ...cells: string[]];

/** A report, with qualities where there is a file of them. */
export type Shown = WhatIfReport & Partial<Pick<QualityReport, 'quality'>>;

type Cell = (one: CaseReport) => string;

const rows: readonly (readonly [string, Cell])[] = [
  ['cost', one => figure(one.costUsd, one.intervals.costUsd, usd)],
  [
    'of it capacity, commitments, egress',
    one => (one.fixedUsd === 0 ? '-' : figure(one.fixedUsd, one.intervals.fixedUsd, usd)),
  ],
  ['TTFT p50', one => figure(one.ttftMs.p50, one.intervals.ttftMs.p50, ms)],
  ['TTFT p95', one => figure(one.ttftMs.p95, one.intervals.ttftMs.p95, ms)],
  ['TTFT p99', one => figure(one.ttftMs.p99, one.intervals.ttftMs.p99, ms)],
  ['total time p50', one => figure(one.totalMs.p50, one.intervals.totalMs.p50, ms)],
  ['total time p95', one => figure(one.totalMs.p95, one.intervals.totalMs.p95, ms)],
  ['total time p99', one => figure(one.totalMs.p99, one.intervals.totalMs.p99, ms)],
  ['availability', one => figure(one.availability, one.intervals.availability, percent)],
  ['failovers', one => figure(one.failovers, one.intervals.failovers, whole)],
  ['throttled', one => figure(one.throttled, one.intervals.throttled, whole)],
  ['saved by caches', one => figure(one.cacheSavingsUsd, one.intervals.cacheSavingsUsd, usd)],
  ['HHI by cloud', one => figure(one.hhi, one.intervals.hhi, whole)],
  ['HHI by model vendor', one => figure(one.hhiByVendor, one.intervals.hhiByVendor, whole)],
  [
    'spend without a substitute',
    one => figure(one.lockIn.share, one.intervals.lockInShare, percent),
  ],
];

export function figureRows({ base, scenarios, quality }: Shown): ReportRow[] {
  const cases = [base, ...scenarios];
  const all = rows.map(([title, cell]): ReportRow => [title, ...cases.map(cell)]);
  const unpriced = cases.some(one => one.unpriced > 0);
  if (unpriced) all.push(['answers of unknown cost', ...cases.map(one => whole(one.unpriced))]);
  const scored = cases.map(one => quality?.[one.name]);
  if (scored.some(one => one !== undefined)) {
    const cells = scored.map(one => (one === undefined ? 'unknown' : figureText(one)));
    all.splice(1, 0, ['quality', ...cells]);
  }
  return all;
}

/** What must not be overlooked: scenarios, and steps of them, that this traffic never meets. */
export function effectLines({ scenarios }: WhatIfReport): string[] {
  const nothing = 'changes NOTHING for this traffic: every figure is that of the base';
  return scenarios.flatMap(({ name, changesNothing, withoutEffect }) => [
    ...(changesNothing ? [`${name} ${nothing}`] : []),
    ...withoutEffect.map(sentence => `${name}: ${sentence}`),
  ]);
}

/** Sentences that are said of several offers stand once, with the offers that they are of. */
export function assumedLines({ assumed }: WhatIfReport): string[] {
  const split = assumed.map(sentence => /^(\S+): (.*)$/.exec(sentence));
  const byText = Map.groupBy(
    split.filter(match => match !== null),
    ([, , text]) => text!,
  );
  const plain = assumed.filter((_, i) => split[i] === null);
  const grouped = [...byText].map(
    ([text, all]) => `${all.map(([, id]) => id).join(', ')}: ${text}`,
  );
  return [...plain, ...grouped];
}

export type CostBy = 'costByCloud' | 'costByModel' | 'costByVendor' | 'costByKey';

/** The dearest of the base first; names that cost nothing anywhere are left out. */
export function costRows({ base, scenarios }: WhatIfReport, by: CostBy, most = 12): ReportRow[] {
  const cases = [base, ...scenarios];
  const dearest = (name: string): number => Math.max(...cases.map(one => one[by][name] ?? 0));
  const names = [...new Set(cases.flatMap(one => Object.keys(one[by])))]
    .filter(name => cases.some(one => (one[by][name] ?? 0) !== 0))
    .sort((a, b) => dearest(b) - dearest(a));
  const shown = names.slice(0, most);
  const rest = names.slice(most);
  const cell = (name: string, one: CaseReport): string =>
    figure(one[by][name] ?? 0, one.intervals[by][name] ?? null, usd);
  const all = shown.map(
    (name): ReportRow => [name === '' ? '(no name)' : name, ...cases.map(one => cell(name, one))],
  );
  const restOf = (one: CaseReport): number =>
    rest.reduce((sum, name) => sum + (one[by][name] ?? 0), 0);
  if (rest.length === 0) return all;
  return [...all, [`${rest.length} others`, ...cases.map(one => usd(restOf(one)))]];
}

/** What leaving each cloud that has spend would cost. */
export function leavingRows({ base, scenarios }: WhatIfReport): ReportRow[] {
  const cases = [base, ...scenarios];
  const has = (one: CaseReport, cloud: string): boolean => (one.costByCloud[cloud] ?? 0) > 0;
  const clouds = [...new Set(cases.flatMap(one => Object.keys(one.lockIn.leaving)))];
  return clouds
    .filter(cloud => cases.some(one => has(one, cloud)))
    .map((cloud): ReportRow => [cloud, ...cases.map(one => leavingText(one, cloud))]);
}

function leavingText(one: CaseReport, cloud: string): string {
  const leaving = one.lockIn.leaving[cloud];
  if (leaving === undefined || (one.costByCloud[cloud] ?? 0) <= 0) return '-';
  const { extraUsd, withoutSubstituteUsd, switchingUsd } = leaving;
  const range = one.intervals.leaving[cloud];
  const parts = [figure(extraUsd, range?.extraUsd ?? null, usdChange)];
  if (switchingUsd > 0) parts.push(`${usd(switchingUsd)} once`);
  if (withoutSubstituteUsd > 0) {
    const without = figure(withoutSubstituteUsd, range?.withoutSubstituteUsd ?? null, usd);
    parts.push(`${without} has no substitute`);
  }
  return parts.join(', ');
}

const effects = [
  ['price', 'priceUsd'],
  ['routing', 'routingUsd'],
  ['cache', 'cacheUsd'],
  ['failure', 'failureUsd'],
  ['capacity', 'capacityUsd'],
  ['traffic', 'trafficUsd'],
] as const;

/** A cell for each scenario: the change of cost, and the effects that add up to it. */
export function whyRows({ scenarios }: WhatIfReport): ReportRow[] {
  const change = (one: ScenarioReport): string => {
    const { costUsd, costShare, intervals } = one.change;
    const text = figure(costUsd, intervals.costUsd, usdChange);
    const share = costShare === null ? '' : ` ${costShare > 0 ? '+' : ''}${percent(costShare)}`;
    return text + share;
  };
  const rows = effects.map(
    ([title, effect]): ReportRow => [
      title,
      ...scenarios.map(({ change: { why, intervals } }) =>
        why[effect] === 0 ? '-' : figure(why[effect], intervals.why[effect], usdChange),
      ),
    ],
  );
  return [...rows, ['change of cost', ...scenarios.map(change)]];
}

/** What the guidelines say of each scenario in which clouds merge. */
export function mergerLines({ scenarios }: WhatIfReport): string[] {
  return scenarios.flatMap(({ name, hhi, change }) => {
    if (change.isConcentrating === null || hhi === null || change.hhi === null) return [];
    const line =
      'above 1,800 and more than 100 higher, from which on the Merger Guidelines of 2023';
    const verdict = change.isConcentrating ? 'over' : 'not over';
    return [
      `${name}: HHI by cloud ${whole(hhi)}, ${whole(change.hhi)} above the base: ${verdict} the line ` +
        `(${line} presume harm to competition)`,
    ];
  });
}
