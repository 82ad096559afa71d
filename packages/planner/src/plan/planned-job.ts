// A plan as the job that engines are told.

import { dnsLabel, type PlannedJob } from '../emit/planned-job.ts';
import type { TrainingPlan, TrainingPlans } from './training-plan.ts';

/** The job of one plan. */
export function plannedJob(plans: TrainingPlans, plan: TrainingPlan): PlannedJob {
  const { host } = plan;
  const term = plan.cheapestTerm ?? 'on-demand';
  const { model, sequence, globalBatch, precision } = plans;
  return {
    name: dnsLabel(`${plans.modelId.split('/').at(-1)}-${plan.acceleratorId}`),
    modelId: plans.modelId.split('/').at(-1)!,
    job: { model, sequence, globalBatch, precision, frozenBase: false },
    layout: plan.layout,
    steps: plan.steps,
    checkpointEverySteps: plan.checkpointEverySteps,
    host: {
      acceleratorId: plan.acceleratorId,
      family: plan.family,
      cloud: host.cloud,
      region: host.region,
      instance: host.instance,
      count: host.count,
      spares: host.spares,
      chips: host.chips,
      ranksPerChip: host.ranksPerChip,
      term,
      daysAtMost: (plan.days[term] ?? plan.days['on-demand'])!.high,
    },
  };
}
