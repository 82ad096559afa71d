// Where the time, the memory and the money of a plan go.

import { hostTerms } from '@entrepot/planner/cost/host-offer';
import type { TrainingPlan } from '@entrepot/planner/plan/training-plan';
import { left, table } from '../../commands/catalog/table.ts';
import { digits, gigabytes, percent, short, time, usd } from '../quantity.ts';
import { body, type Numbers, shares } from '../shares.ts';
import { layoutText } from './layout-text.ts';

export const stepNames: Readonly<Record<string, string>> = {
  matrix: 'matrix products',
  attention: 'attention',
  streaming: 'bandwidth-bound (norms, activations, casts)',
  recompute: 'recomputation',
  tensor: 'exposed tensor-parallel communication',
  context: 'exposed context-parallel communication',
  expert: 'exposed expert all-to-all',
  pipeline: 'exposed pipeline sends',
  bubble: 'pipeline bubble',
  data: 'exposed data-parallel communication',
  optimizer: 'optimizer',
  launch: 'launches, data and logging',
  jitter: 'jitter and stragglers',
};

const memoryNames: Readonly<Record<string, string>> = {
  weightBytes: 'weights',
  gradientBytes: 'gradients',
  optimizerBytes: 'optimizer states',
  activationBytes: 'activations',
  logitBytes: 'logits',
  gatheredBytes: 'gathered layers',
  reservedBytes: 'runtime and libraries',
};

/** The plan in full. */
export function explainPlan(plan: TrainingPlan): string {
  const { host, memory, step } = plan;
  const where = host.region === null ? host.cloud : `${host.cloud} ${host.region}`;
  const spare = host.spares === 0 ? '' : ` + ${host.spares} spare`;
  const head = [
    `${plan.id}: ${host.count}${spare} x ${host.instance}, ${where}; ${layoutText(plan.layout)}; ${plan.framework}`,
    ...plan.notes.map(note => `  ${note}`),
  ].join('\n');
  const ranks = host.ranksPerChip === 1 ? 'chip' : `rank (${host.ranksPerChip} a chip)`;
  return [
    head,
    `Time of a step: ${time(step.seconds.likely)} (${time(step.seconds.low)} to ${time(step.seconds.high)}), ` +
      `${short(step.tokensPerSecond.likely)} tokens/s, MFU ${percent(step.mfu.likely)}\n` +
      shares(step.parts as unknown as Numbers, stepNames, time),
    `Memory of a ${ranks}: ${gigabytes(memory.totalBytes)} of ${gigabytes(memory.capacityBytes)}\n` +
      shares(memory as unknown as Numbers, memoryNames, gigabytes),
    goodputText(plan),
    moneyText(plan),
  ].join('\n\n');
}

function goodputText({ goodput, checkpointEverySteps, step }: TrainingPlan): string {
  const { parts, share, checkpoint } = goodput;
  const every = checkpointEverySteps * step.seconds.likely;
  const names = {
    useful: 'progress',
    saving: 'saving checkpoints',
    lostWork: 'work done again',
    restarting: 'restarting',
    maintenance: 'maintenance',
  };
  return [
    `Goodput: ${percent(share.likely)} (${percent(share.low)} to ${percent(share.high)}); ` +
      `a failure every ${time(goodput.meanSecondsBetweenFailures)}; ` +
      `a checkpoint of ${gigabytes(checkpoint.bytes)} every ${time(every)} (${checkpointEverySteps} steps)`,
    shares(parts as unknown as Numbers, names, percent),
  ].join('\n');
}

function moneyText(plan: TrainingPlan): string {
  const { host, days, cost, steps } = plan;
  const rows = hostTerms.map(term => {
    const price = host.usdPerHour[term];
    const [d, c] = [days[term], cost[term]];
    return [
      '',
      term,
      price === null ? 'price unknown' : `$${price.toFixed(2)} a host and hour`,
      d === null
        ? 'taken back too often'
        : `${digits(d.likely)} days (${digits(d.low)}-${digits(d.high)})`,
      c === null ? 'unknown' : `${usd(c.likely)} (${usd(c.low)}-${usd(c.high)})`,
    ];
  });
  const columns = [left(''), left('-'), left('-'), left('-'), left('-')];
  return [
    `Money: ${host.count + host.spares} hosts for ${short(steps)} steps; ` +
      `prices: ${host.priceSource}, seen ${host.priceSeenOn}`,
    ...(host.committedSource === null ? [] : [`  committed: ${host.committedSource}`]),
    body(table(columns, rows)),
    ...spentOn(plan),
  ].join('\n');
}

/** What the cheapest term's money is spent on: its hosts' time by part, and the spare hosts. */
function spentOn({ host, cost, cheapestTerm, goodput, step }: TrainingPlan): string[] {
  const total = cheapestTerm === null ? null : cost[cheapestTerm];
  if (total === null) return [];
  const spare = (total.likely * host.spares) / (host.count + host.spares);
  const working = total.likely - spare;
  const { parts } = step;
  const perSecond = (working * goodput.parts.useful) / step.seconds.likely;
  const spent = {
    products: perSecond * (parts.matrix + parts.attention),
    around: perSecond * (parts.streaming + parts.optimizer + parts.launch),
    again: perSecond * parts.recompute,
    waiting:
      perSecond *
      (parts.tensor + parts.context + parts.expert + parts.pipeline + parts.data + parts.jitter),
    bubble: perSecond * parts.bubble,
    failures: working * (1 - goodput.parts.useful),
    spare,
  };
  const names = {
    products: 'matrix products and attention',
    around: 'bandwidth-bound work, optimizer, launches',
    again: 'recomputation',
    waiting: 'waiting for communication and for the slowest',
    bubble: 'pipeline bubble',
    failures: 'failures, restarts and checkpoints',
    spare: 'spare hosts',
  };
  return [`  on ${cheapestTerm} capacity it is spent on`, shares(spent, names, usd)];
}
