// A priced plan as a manifest for Kubernetes, a service of SkyPilot or a script for Slurm: replicas
// of vLLM on the hosts that were planned.

import type { Cloud } from '@entrepot/catalog/offer';
import { leaderWorkerSet } from '@entrepot/planner/emit/leader-worker-set';
import { dnsLabel, type EmittedFile } from '@entrepot/planner/emit/planned-job';
import type { PlannedServing } from '@entrepot/planner/emit/planned-serving';
import { skypilotService } from '@entrepot/planner/emit/skypilot-service';
import { slurmService } from '@entrepot/planner/emit/slurm-service';
import type { ModelEntry } from '@entrepot/planner/model-entry';
import { ranksOn } from '@entrepot/planner/plan/stack-for';
import { instanceChips } from '@entrepot/planner/serve/instance';
import { UsageError } from '../../command.ts';
import type { HostedPlan, ReportWish } from './serving-report.ts';

export type ServingEngine = 'kubernetes' | 'skypilot' | 'slurm';

export const servingEngines: Readonly<
  Record<ServingEngine, (serving: PlannedServing) => EmittedFile[]>
> = { kubernetes: leaderWorkerSet, skypilot: skypilotService, slurm: slurmService };

export const servingEngineNames = Object.keys(servingEngines) as ServingEngine[];

/** `checkpoint` is what the engine loads; null: where the shape is from. Throws UsageError. */
export function emitServing(
  entry: ModelEntry,
  hosted: HostedPlan | undefined,
  wish: ReportWish,
  checkpoint: string | null,
  engine: ServingEngine,
): EmittedFile[] {
  if (hosted === undefined) throw new UsageError('--emit needs a plan on hosts of the catalog');
  try {
    return servingEngines[engine](plannedServing(entry, hosted, wish, checkpoint));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--emit ${engine}: ${error.message}`);
    throw error;
  }
}

function plannedServing(
  entry: ModelEntry,
  { plan, host }: HostedPlan,
  wish: ReportWish,
  checkpoint: string | null,
): PlannedServing {
  const { instance, sustained } = plan;
  const { layout, chip, precision } = instance;
  return {
    name: dnsLabel(`${entry.shape.name}-${chip.id}`),
    checkpoint: checkpoint ?? publishedName(entry),
    replicas: plan.load.instances,
    // vLLM counts what software sees of a chip: NeuronCores, the devices of a TPU.
    tensorParallel: layout.tp * ranksOn(chip.id),
    pipelineParallel: layout.pp,
    dataParallel: layout.attentionDp,
    expertParallel: layout.ep > 1,
    contextTokens: longest(wish),
    concurrency: Math.max(1, Math.ceil(sustained.concurrency)),
    batchTokens: null,
    // Weights of fewer bits, and those of other makers' chips, are stored as they are served.
    quantization: precision === 'fp8' && chip.family === 'nvidia' ? precision : null,
    hosts: {
      acceleratorId: chip.id,
      family: chip.family,
      cloud: host.cloud as Cloud,
      region: host.region,
      instance: host.name,
      count: host.hostsPerInstance,
      spares: 0,
      chips: instanceChips(layout) / host.hostsPerInstance,
      ranksPerChip: ranksOn(chip.id),
      term: host.term,
      daysAtMost: 365,
    },
  };
}

/** `org/name` of the repository that a shape is from. */
function publishedName({ source, id }: ModelEntry): string {
  return /huggingface\.co\/([^/]+\/[^/]+)/.exec(source)?.[1] ?? id;
}

/** Input and output of the longest request, up to the next thousand. */
function longest({ arrivals }: ReportWish): number {
  let most = 0;
  for (let i = 0; i < arrivals.count; i++) {
    most = Math.max(most, arrivals.inputTokens[i]! + arrivals.outputTokens[i]!);
  }
  return Math.ceil(most / 1024) * 1024;
}
