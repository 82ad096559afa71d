// A serving report as plain data, for programs and for `plan explain`.

import { microBatch } from '@entrepot/planner/serve/pipeline';
import type { ServingPlan } from '@entrepot/planner/serve/plan-serving';
import { stepTime } from '@entrepot/planner/serve/step-time';
import type { HostedPlan, ReportWish, ServingReport } from './serving-report.ts';

/** Everything that was found, with the parts of a step's time and of a chip's memory. */
export function servingJson(model: string, wish: ReportWish, report: ServingReport): object {
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

function hostedJson(hosted: HostedPlan, wish: ReportWish): object {
  const { plan, comparisons, ...rest } = hosted;
  const offers = comparisons.map(({ offer, ...figures }) => ({ offer: offer.id, ...figures }));
  return { ...planJson(plan, wish), ...rest, comparisons: offers };
}

function planJson(plan: ServingPlan, { fitted }: ReportWish): object {
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
