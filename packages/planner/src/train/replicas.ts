// What the collectives over the replicas leave exposed: gradients are scattered and weights
// gathered in messages, hidden behind the passes of micro-batches as far as there are any.

import { gatherSeconds, reduceSeconds } from '../collective.ts';
import { type Layout, shardsOf } from '../layout.ts';
import type { Ground } from './ground.ts';
import { heldParameters } from './memory.ts';

/**
 * Gradients and weights over the replicas, as far as nothing hides them. `passSeconds`: one
 * micro-batch through a stage, forward and backward.
 */
export function dataSeconds(
  ground: Ground,
  layout: Layout,
  batches: number,
  passSeconds: number,
): number {
  const { job, links, parameters } = ground;
  if (job.frozenBase) return 0;
  const held = heldParameters(ground, layout);
  const shards = shardsOf(layout);
  const replicas = layout.dp * layout.cp;
  const group = { size: shards, stride: layout.tp };
  const routed = { size: held.routedShards, stride: layout.ep * layout.etp };
  const spread = (bytes: number): number =>
    gatherSeconds(bytes * held.dense, group, links, messages(ground, layout, held.dense)) +
    gatherSeconds(bytes * held.routed, routed, links, messages(ground, layout, held.routed));
  const gather = spread(2);
  const scatter = spread(4);
  // Every micro-batch gathers sharded weights twice, and scatters sharded gradients.
  const { sharding } = layout;
  const eachBatch = sharding === 'zero2' || sharding === 'zero3';
  const times = eachBatch ? batches : 1;
  const gathers = sharding === 'none' ? 0 : sharding === 'zero3' ? 2 : 1 / times;
  const whole = gathers * gather + (sharding === 'none' ? 2 : 1) * scatter;
  const exposed = sharding === 'zero3' ? parameters.exposedShards : parameters.exposedData;
  const window = passSeconds * (eachBatch ? 1 : hidingPasses(layout, batches));
  const out = Math.max(0, whole - window) + Math.min(whole, window) * exposed;
  const copies = replicas / shards;
  const across = { size: copies, stride: layout.tp * shards };
  const between = copies > 1 ? reduceSeconds((4 * held.dense) / shards, across, links) : 0;
  return out * times + between * parameters.exposedSlices + sliceSeconds(ground, copies);
}

/**
 * Micro-batches behind which what is done once a step may hide: the last one. The chunks of an
 * interleaved pipeline are done one after the other, each a round of as many micro-batches as there
 * are stages before the next: all but one hide behind the rounds of the others.
 */
function hidingPasses({ pp, vpp }: Layout, batches: number): number {
  return 1 + (Math.min(batches, pp) - 1) * (1 - 1 / vpp);
}

/**
 * Messages in which states go over the replicas: layer by layer where each is gathered for use,
 * else in buckets (Megatron-LM, distributed_data_parallel.py: at least 40 million parameters and a
 * million per replica).
 */
function messages({ job }: Ground, layout: Layout, held: number): number {
  if (layout.sharding === 'zero3') return job.model.layers / layout.pp;
  return Math.ceil(held / Math.max(40e6, 1e6 * shardsOf(layout)));
}

/** What the all-reduces of layers take to start over the network of a data center. */
function sliceSeconds({ chip, job, parameters }: Ground, slices: number): number {
  if (chip.family !== 'tpu' || slices <= 1) return 0;
  return parameters.sliceSeconds * job.model.layers * Math.log2(slices);
}
