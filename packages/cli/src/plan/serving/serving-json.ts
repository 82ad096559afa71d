// A serving report as plain data, for programs and for `plan explain`.

import type { ApiComparison } from '@entrepot/planner/serve/break-even';
import type { ServingInstance } from '@entrepot/planner/serve/instance';
import { microBatch } from '@entrepot/planner/serve/pipeline';
import type { ServingPlan } from '@entrepot/planner/serve/plan-serving';
import { type StepTime, stepTime } from '@entrepot/planner/serve/step-time';
import type { HostedPlan, ReportWish, ServingReport } from './serving-report.ts';

type Kept = 'chips' | 'chipsLow' | 'chipsHigh' | 'memory' | 'means' | 'sustained' | 'load';

export interface ServingPlanJson
  extends Pick<ServingPlan, Kept>,
    Pick<ServingInstance, 'layout' | 'precision' | 'engine'> {
  readonly accelerator: string;
  readonly hostsPerInstance: number;
  readonly validatedRuns: number;
  /** Of a step with as many sequences as keep the promise. */
  readonly decodeStepSeconds: StepTime;
}

export interface HostedPlanJson
  extends ServingPlanJson,
    Pick<HostedPlan, 'host' | 'hosts' | 'usdPerHour' | 'usdPerMtok' | 'scaled'> {
  /** `H100-SXM/aws`: unique among the plans of a file. */
  readonly id: string;
  readonly evenUsdPerChipHour: number | null;
  readonly comparisons: readonly (Omit<ApiComparison, 'offer'> & { readonly offer: string })[];
}

export interface ServingPlansJson {
  readonly kind: 'serve';
  readonly model: string;
  readonly asOf: string;
  readonly term: string;
  readonly slo: ReportWish['slo'];
  readonly error: object;
  /** The cheapest first. */
  readonly plans: readonly HostedPlanJson[];
  readonly unrented: readonly ServingPlanJson[];
  readonly refused: ServingReport['refused'];
  readonly apis: readonly { readonly offer: string; readonly usdPerHour: number | null }[];
  readonly disaggregated: readonly object[];
}

/** Everything that was found, with the parts of a step's time and of a chip's memory. */
export function servingJson(
  model: string,
  wish: ReportWish,
  report: ServingReport,
): ServingPlansJson {
  const { slo, fitted, asOf, term } = wish;
  return {
    kind: 'serve',
    model,
    asOf,
    term,
    slo,
    error: {
      fittedOn: fitted.fittedOn,
      runs: fitted.runs,
      crossValidation: fitted.crossValidation,
    },
    plans: report.hosted.map(hosted => hostedJson(hosted, wish)),
    unrented: report.unrented.map(plan => planJson(plan, wish)),
    refused: report.refused,
    apis: report.apis.map(({ offer, usdPerHour }) => ({ offer: offer.id, usdPerHour })),
    disaggregated: report.disaggregated.map(({ prefill, decode: _, ...rest }) => ({
      accelerator: prefill.chip.id,
      layout: prefill.layout,
      ...rest,
    })),
  };
}

function hostedJson(hosted: HostedPlan, wish: ReportWish): HostedPlanJson {
  const { plan, comparisons, ...rest } = hosted;
  const offers = comparisons.map(({ offer, ...figures }) => ({ offer: offer.id, ...figures }));
  const id = `${plan.acceleratorId}/${hosted.host.cloud}`;
  return { id, ...planJson(plan, wish), ...rest, comparisons: offers };
}

function planJson(plan: ServingPlan, { fitted }: ReportWish): ServingPlanJson {
  const { instance, means, sustained } = plan;
  const context = means.inputTokens + means.outputTokens / 2;
  const sequences = microBatch(sustained.concurrency, instance.layout.pp);
  const work = { sequences, context, promptTokens: 0, promptContext: 0 };
  return {
    accelerator: plan.acceleratorId,
    layout: instance.layout,
    hostsPerInstance: plan.hosts,
    precision: instance.precision,
    engine: instance.engine,
    chips: plan.chips,
    chipsLow: plan.chipsLow,
    chipsHigh: plan.chipsHigh,
    validatedRuns: plan.runs,
    memory: plan.memory,
    means,
    sustained,
    load: plan.load,
    decodeStepSeconds: stepTime(instance, work, fitted.parameters),
  };
}
