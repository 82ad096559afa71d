// A serving report as text: tables for people.

import { instanceChips } from '@entrepot/planner/serve/instance';
import type { ServingPlan } from '@entrepot/planner/serve/plan-serving';
import { left, right, table } from '../../commands/catalog/table.ts';
import type { HostedPlan, ServingReport } from './serving-report.ts';

const hoursPerMonth = 730;
const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const usd = (value: number | null): string => (value === null ? 'unknown' : value.toFixed(2));

/** tp4, tp8 ep8, dp8 ep8. */
export function layoutText({ instance }: ServingPlan): string {
  const { tp, ep, attentionDp } = instance.layout;
  const parts = [attentionDp > 1 ? `dp${attentionDp}` : `tp${tp}`];
  if (ep > 1) parts.push(`ep${ep}`);
  return `${parts.join(' ')} ${instance.precision} ${instance.engine}`;
}

function planCells(plan: ServingPlan): string[] {
  const { load, chips, chipsLow, chipsHigh, runs } = plan;
  return [
    plan.acceleratorId,
    layoutText(plan),
    `${load.instances} x ${instanceChips(plan.instance.layout)}`,
    `${chips} (${chipsLow}-${chipsHigh})`,
    ms(load.ttftSeconds.p95),
    ms(load.tpotSeconds.p95),
    percent(load.busy),
    runs === 0 ? 'unvalidated' : `${runs} runs`,
  ];
}

/** Everything that a user is shown. */
export function servingText(report: ServingReport): string {
  const plans = plansOf(report);
  const blocks = [
    'What keeps the promise:',
    table(
      [
        left('ACCELERATOR'),
        left('LAYOUT'),
        right('INSTANCES'),
        right('CHIPS'),
        right('TTFT P95'),
        right('TPOT P95'),
        right('BUSY'),
        left('CHECKED ON'),
      ],
      plans.map(planCells),
    ),
  ];
  if (report.hosted.length > 0) blocks.push('', 'What it costs:', costTable(report));
  const apis = apiTable(report);
  if (apis !== null) blocks.push('', 'Against the offers of APIs, at this rate:', apis);
  blocks.push(...apartText(report));
  const unknown = report.hosted.filter(h => h.usdPerHour === null && h.evenUsdPerChipHour !== null);
  for (const { plan, host, evenUsdPerChipHour } of unknown) {
    const even = evenUsdPerChipHour!.toFixed(2);
    blocks.push(
      '',
      `${plan.acceleratorId} on ${host.name}: its price is not known. Below ${even} USD for a chip's ` +
        `hour it beats the cheapest offer. --price ${host.name}=USD plans with one.`,
    );
  }
  if (report.unrented.length > 0) {
    const names = report.unrented.map(plan => plan.acceleratorId).join(', ');
    blocks.push('', `No instance type of the catalog has: ${names}.`);
  }
  if (report.refused.length > 0) {
    blocks.push('', 'Why not:');
    for (const { acceleratorId, why } of report.refused) blocks.push(`  ${acceleratorId}: ${why}`);
  }
  return blocks.join('\n');
}

/** What instances for prompts alone would do on the first plan. */
function apartText({ hosted, disaggregated }: ServingReport): string[] {
  const plan = hosted[0]?.plan;
  const apart = disaggregated.find(d => d.decode.chip.id === plan?.acceleratorId);
  if (plan === undefined || apart === undefined) return [];
  const together = plan.sustained.tokensPerSecond / instanceChips(plan.instance.layout);
  const change = apart.tokensPerSecond / apart.chips / together - 1;
  return [
    '',
    `Prompts on instances of their own (${plan.acceleratorId}): ${apart.prefillPerDecode.toFixed(2)} for ` +
      `each that decodes; ${ms(apart.tpotSeconds)} a token, ${percent(change)} tokens per chip.`,
  ];
}

/** The plan of each accelerator once, in the order of their cost. */
export function plansOf(report: ServingReport): ServingPlan[] {
  return [...new Set([...report.hosted.map(h => h.plan), ...report.unrented])];
}

/** Scaling is worth a word where the traffic is longer than hosts take to start. */
const scaledSeconds = 3600;

function costTable({ hosted }: ServingReport): string {
  const scales = hosted.some(
    h => h.scaled.instances.length * h.scaled.windowSeconds > scaledSeconds,
  );
  const cells = (h: HostedPlan): string[] => [
    h.plan.acceleratorId,
    `${h.host.cloud} ${h.host.name}`,
    h.host.region ?? 'unknown',
    String(h.hosts),
    usd(h.usdPerHour),
    h.usdPerHour === null ? 'unknown' : (h.usdPerHour * hoursPerMonth).toFixed(0),
    usd(h.usdPerMtok),
    ...(scales ? [`${h.scaled.instanceHours.toFixed(0)} h, -${percent(h.scaled.savedShare)}`] : []),
  ];
  return table(
    [
      left('ACCELERATOR'),
      left('HOST'),
      left('REGION'),
      right('HOSTS'),
      right('USD/H'),
      right('USD/MONTH'),
      right('USD/MTOK'),
      ...(scales ? [right('SCALED INSTANCES')] : []),
    ],
    hosted.map(cells),
  );
}

function apiTable({ hosted, apis }: ServingReport): string | null {
  const best = hosted.find(h => h.usdPerHour !== null);
  if (apis.length === 0) return null;
  const rows = apis
    .toSorted((a, b) => (a.usdPerHour ?? Infinity) - (b.usdPerHour ?? Infinity))
    .map(({ offer, usdPerHour }) => {
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
  const name = best === undefined ? 'HOSTING' : best.plan.acceleratorId.toUpperCase();
  return table(
    [left('OFFER'), right('USD/H'), right(`OF ${name}`), left('HOSTING IS CHEAPER')],
    rows,
  );
}
