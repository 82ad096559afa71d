// A serving report as text.

import { instanceChips } from '@entrepot/planner/serve/instance';
import { table } from '../../commands/catalog/table.ts';
import type { ServingReport } from './serving-report.ts';
import {
  apiTable,
  costTable,
  ms,
  percent,
  plansOf,
  planTable,
  type ReportTable,
} from './serving-tables.ts';

/** Everything that a user is shown. */
export function servingText(report: ServingReport): string {
  const text = ({ columns, rows }: ReportTable): string => table(columns, rows);
  const blocks =
    plansOf(report).length === 0
      ? ['Nothing keeps the promise.']
      : ['What keeps the promise:', text(planTable(report))];
  if (report.hosted.length > 0) blocks.push('', 'What it costs:', text(costTable(report)));
  const apis = apiTable(report);
  if (apis !== null) blocks.push('', 'Against the offers of APIs, at this rate:', text(apis));
  for (const remark of remarksOf(report)) blocks.push('', remark);
  if (report.refused.length > 0) {
    blocks.push('', 'Why not:');
    for (const { acceleratorId, why } of report.refused) blocks.push(`  ${acceleratorId}: ${why}`);
  }
  return blocks.join('\n');
}

/** What no table has: prompts apart, prices that are not known, chips that nobody rents out. */
export function remarksOf(report: ServingReport): string[] {
  const remarks = [...apartText(report)];
  const unknown = report.hosted.filter(h => h.usdPerHour === null && h.evenUsdPerChipHour !== null);
  for (const { plan, host, evenUsdPerChipHour } of unknown) {
    const even = evenUsdPerChipHour!.toFixed(2);
    remarks.push(
      `${plan.acceleratorId} on ${host.name}: its price is not known. Below ${even} USD for a chip's ` +
        `hour it beats the cheapest offer. --price ${host.name}=USD plans with one.`,
    );
  }
  if (report.unrented.length > 0) {
    const names = report.unrented.map(plan => plan.acceleratorId).join(', ');
    remarks.push(`No instance type of the catalog has: ${names}.`);
  }
  return remarks;
}

/** What instances for prompts alone would do on the first plan. */
function apartText({ hosted, disaggregated }: ServingReport): string[] {
  const plan = hosted[0]?.plan;
  const apart = disaggregated.find(d => d.decode.chip.id === plan?.acceleratorId);
  if (plan === undefined || apart === undefined) return [];
  const together = plan.sustained.tokensPerSecond / instanceChips(plan.instance.layout);
  const change = apart.tokensPerSecond / apart.chips / together - 1;
  const sign = change > 0 ? '+' : '';
  return [
    `Prompts on instances of their own (${plan.acceleratorId}): ${apart.prefillPerDecode.toFixed(2)} for ` +
      `each that decodes; ${ms(apart.tpotSeconds)} a token, ${sign}${percent(change)} tokens per chip.`,
  ];
}
