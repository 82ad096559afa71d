// The tables of a serving report, for the terminal and for the page.

import { instanceChips } from '@entrepot/planner/serve/instance';
import type { ServingPlan } from '@entrepot/planner/serve/plan-serving';
import { type Column, left, right } from '../../commands/catalog/table.ts';
import { layoutText } from './layout-text.ts';
import type { HostedPlan, ServingReport } from './serving-report.ts';

export interface ReportTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const hoursPerMonth = 730;
/** Scaling is worth a word where the traffic is longer than hosts take to start. */
const scaledSeconds = 3600;

export const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
const usd = (value: number | null): string => (value === null ? 'unknown' : value.toFixed(2));

/** The layout, and what is stored and run. */
function engineText({ instance }: ServingPlan): string {
  const draft = instance.speculation === null ? '' : ' draft';
  return `${layoutText(instance.layout)}${draft} ${instance.precision} ${instance.engine}`;
}

/** The plan of each accelerator once, in the order of their cost. */
export function plansOf(report: ServingReport): ServingPlan[] {
  return [...new Set([...report.hosted.map(h => h.plan), ...report.unrented])];
}

/** What keeps the promise. */
export function planTable(report: ServingReport): ReportTable {
  const columns = [
    left('ACCELERATOR'),
    left('LAYOUT'),
    right('INSTANCES'),
    right('CHIPS'),
    right('TTFT P95'),
    right('TPOT P95'),
    right('BUSY'),
    left('CHECKED ON'),
  ];
  const rows = plansOf(report).map(plan => {
    const { load, chips, chipsLow, chipsHigh, runs, hosts } = plan;
    const on = hosts === 1 ? '' : ` on ${hosts} hosts`;
    return [
      plan.acceleratorId,
      engineText(plan),
      `${load.instances} x ${instanceChips(plan.instance.layout)}${on}`,
      `${chips} (${chipsLow}-${chipsHigh})`,
      ms(load.ttftSeconds.p95),
      ms(load.tpotSeconds.p95),
      percent(load.busy),
      runs === 0 ? 'unvalidated' : `${runs} runs`,
    ];
  });
  return { columns, rows };
}

/** What it costs, host by host. */
export function costTable({ hosted, term }: ServingReport): ReportTable {
  const scales = hosted.some(
    h => h.scaled.instances.length * h.scaled.windowSeconds > scaledSeconds,
  );
  const cells = (h: HostedPlan): string[] => [
    h.plan.acceleratorId,
    `${h.host.cloud} ${h.host.name}${h.host.term === term ? '' : ` (${h.host.term})`}`,
    h.host.region ?? 'unknown',
    String(h.hosts),
    usd(h.usdPerHour),
    h.usdPerHour === null ? 'unknown' : (h.usdPerHour * hoursPerMonth).toFixed(0),
    usd(h.usdPerMtok),
    ...(scales ? [`${h.scaled.instanceHours.toFixed(0)} h, -${percent(h.scaled.savedShare)}`] : []),
  ];
  const columns = [
    left('ACCELERATOR'),
    left('HOST'),
    left('REGION'),
    right('HOSTS'),
    right('USD/H'),
    right('USD/MONTH'),
    right('USD/MTOK'),
    ...(scales ? [right('SCALED INSTANCES')] : []),
  ];
  return { columns, rows: hosted.map(cells) };
}

/** The offers of APIs against the cheapest hosts; null where none sells the model. */
export function apiTable({ hosted, apis }: ServingReport): ReportTable | null {
  const best = hosted.find(h => h.usdPerHour !== null);
  if (apis.length === 0) return null;
  const rows = apis.map(({ offer, usdPerHour }) => {
    const even = best?.comparisons.find(c => c.offer.id === offer.id);
    const rate = even?.breakEvenRequestsPerSecond ?? null;
    const ratio = even?.ratio ?? null;
    return [
      offer.id,
      usd(usdPerHour),
      ratio === null ? 'unknown' : `${ratio.toFixed(2)} x`,
      rate === null ? 'at no rate' : `from ${rate.toFixed(1)}/s`,
    ];
  });
  const columns = [left('OFFER'), right('USD/H')];
  if (best === undefined) return { columns, rows: rows.map(row => row.slice(0, 2)) };
  const name = best.plan.acceleratorId.toUpperCase();
  return { columns: [...columns, right(`OF ${name}`), left('HOSTING IS CHEAPER')], rows };
}
