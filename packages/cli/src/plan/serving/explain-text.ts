// Where the time, the memory and the money of a plan of serving go.

import { instanceChips } from '@entrepot/planner/serve/instance';
import { left, right, table } from '../../commands/catalog/table.ts';
import { digits, gigabytes, percent, time, usd } from '../quantity.ts';
import { body, type Numbers, shares } from '../shares.ts';
import { layoutText } from './layout-text.ts';
import type { HostedPlanJson } from './serving-json.ts';

const stepNames: Readonly<Record<string, string>> = {
  linear: 'projections and dense parts',
  experts: 'routed experts',
  activations: 'norms, residuals, rotations',
  decodeAttention: 'attention over the cache',
  promptAttention: 'attention of prompts',
  collectives: 'all-reduces and exchanges between chips',
  head: 'output head',
  layers: 'launches and gaps of kernels',
  pipeline: 'waiting for the slowest stage, and sends',
  host: 'scheduler (beside the chips)',
};

const memoryNames: Readonly<Record<string, string>> = {
  attention: 'weights of attention',
  feedForward: 'weights of dense parts and shared experts',
  experts: 'weights of routed experts',
  embeddings: 'embedding and head',
  draft: 'draft',
  workspaceBytes: 'context, buffers, activations',
  cacheBytes: 'room for keys and values',
};

/** The plan in full. */
export function explainServing(plan: HostedPlanJson): string {
  const { decodeStepSeconds: step, memory, sustained, means, layout } = plan;
  const sequences = digits(sustained.concurrency);
  const whose = layout.attentionDp === 1 ? '' : ' of each attention replica';
  const context = digits(means.inputTokens + means.outputTokens / 2);
  const used = memory.weightBytes + memory.workspaceBytes + memory.cacheBytes;
  return [
    headOf(plan),
    `Time of a token: ${time(step.total)} with ${sequences} sequences${whose} of ${context} tokens, ` +
      `as many as keep the promise\n${shares(step as unknown as Numbers, stepNames, time)}`,
    `Memory of a chip: ${gigabytes(used)} of ${gigabytes(memory.capacityBytes)}\n` +
      shares({ ...memory, ...memory.weights } as unknown as Numbers, memoryNames, gigabytes),
    queueText(plan),
    moneyText(plan),
  ].join('\n\n');
}

function headOf(plan: HostedPlanJson): string {
  const { host, layout, load, hostsPerInstance, validatedRuns } = plan;
  const where = host.region === null ? host.cloud : `${host.cloud} ${host.region}`;
  const on = hostsPerInstance === 1 ? '' : ` on ${hostsPerInstance} hosts`;
  const checked = validatedRuns === 0 ? 'unvalidated' : `checked on ${validatedRuns} runs`;
  return (
    `${plan.id}: ${plan.hosts} x ${host.name}, ${where}\n` +
    `  ${load.instances} x ${instanceChips(layout)} chips${on}, ${layoutText(layout)} ` +
    `${plan.precision} ${plan.engine}; ${plan.chips} chips (${plan.chipsLow}-${plan.chipsHigh}), ${checked}`
  );
}

function queueText({ load, means }: HostedPlanJson): string {
  const row = (name: string, of: { p50: number; p95: number; p99: number }): string[] => {
    return ['', name, time(of.p50), time(of.p95), time(of.p99)];
  };
  const rows = [
    row('first token', load.ttftSeconds),
    row('each further one', load.tpotSeconds),
    row('whole request', load.totalSeconds),
  ];
  const columns = [left(''), left('REQUESTS'), right('P50'), right('P95'), right('P99')];
  return (
    `Queue: ${digits(means.requestsPerSecond)} requests/s, busy ${percent(load.busy)} of the time\n` +
    table(columns, rows)
  );
}

function moneyText(plan: HostedPlanJson): string {
  const { usdPerHour, usdPerMtok, hosts, host, means, comparisons } = plan;
  if (usdPerHour === null) return `Money: the price of ${host.name} is not known`;
  const each = usdPerHour / hosts;
  const requests = (usdPerHour / 3600 / means.requestsPerSecond) * 1000;
  const rows = comparisons
    .filter(one => one.usdPerThousandRequests !== null)
    .map(one => ['', one.offer, usd(one.usdPerThousandRequests!)]);
  const apis = rows.length === 0 ? '' : `\n${body(table([left(''), left('-'), right('-')], rows))}`;
  return (
    `Money: ${hosts} x $${each.toFixed(2)} = $${usdPerHour.toFixed(2)} an hour (${host.term}), ` +
    `${usd(usdPerMtok!)} a million tokens, ${usd(requests)} a thousand requests; from APIs:${apis}`
  );
}
