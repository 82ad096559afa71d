// A priced plan as a manifest for Kubernetes: replicas of vLLM on the hosts that were planned.

import type { Cloud } from '@entrepot/catalog/offer';
import { leaderWorkerSet } from '@entrepot/planner/emit/leader-worker-set';
import { dnsLabel, type EmittedFile } from '@entrepot/planner/emit/planned-job';
import type { ModelEntry } from '@entrepot/planner/model-entry';
import { siliconOf } from '@entrepot/planner/serve/parameters';
import { UsageError } from '../../command.ts';
import type { HostedPlan, ReportWish } from './serving-report.ts';

/** `checkpoint` is what the engine loads; null: where the shape is from. Throws UsageError. */
export function emitServing(
  entry: ModelEntry,
  hosted: HostedPlan | undefined,
  wish: ReportWish,
  checkpoint: string | null,
): EmittedFile[] {
  if (hosted === undefined) throw new UsageError('--emit needs a plan on hosts of the catalog');
  const { plan, host } = hosted;
  const { instance, sustained } = plan;
  const { layout, chip, precision } = instance;
  try {
    return leaderWorkerSet({
      name: dnsLabel(`${entry.shape.name}-${chip.id}`),
      checkpoint: checkpoint ?? publishedName(entry),
      replicas: plan.load.instances,
      tensorParallel: layout.tp,
      pipelineParallel: layout.pp,
      dataParallel: layout.attentionDp,
      expertParallel: layout.ep > 1,
      contextTokens: longest(wish),
      concurrency: Math.max(1, Math.ceil(sustained.concurrency * layout.attentionDp)),
      batchTokens: null,
      quantization: precision === 'bf16' ? null : precision,
      hosts: {
        acceleratorId: chip.id,
        family: chip.family,
        cloud: host.cloud as Cloud,
        region: host.region,
        instance: host.name,
        count: 1,
        spares: 0,
        chips: layout.tp * layout.attentionDp * layout.pp,
        // Logical cores of a chip: two on Trainium1 and Inferentia2, four on Trainium2.
        ranksPerChip: ranksOf(chip.id),
        term: wish.term,
        daysAtMost: 365,
      },
    });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--emit: ${error.message}`);
    throw error;
  }
}

function ranksOf(chipId: string): number {
  const silicon = siliconOf(chipId);
  if (silicon === 'neuron1') return 2;
  return silicon === 'neuron2' ? 4 : 1;
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
