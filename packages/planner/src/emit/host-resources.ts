// What engines call the chips of a host, and what a pod has to ask for to get them and the network.
// SkyPilot: `sky show-gpus`. Kubernetes: the device plugins of NVIDIA, AMD, Intel Gaudi and AWS
// Neuron (aws.amazon.com/neuron, a chip each: awsdocs-neuron, "Using Neuron with Amazon EKS"),
// the EFA device plugin (vpc.amazonaws.com/efa), GKE (google.com/tpu with node selectors for
// slice and topology).

import type { PlannedHosts } from './planned-job.ts';

const skypilotNames: Readonly<Record<string, string>> = {
  'A100-40GB': 'A100',
  'A100-80GB': 'A100-80GB',
  'H100-SXM': 'H100',
  H200: 'H200',
  B200: 'B200',
  B300: 'B300',
  GB200: 'GB200',
  GB300: 'GB300',
  MI300X: 'MI300X',
  Trainium1: 'Trainium',
  Trainium2: 'Trainium2',
  Inferentia2: 'Inferentia2',
};

/** Google's machine with 8 H100 and 8 networks has a name of its own. */
const skypilotByInstance: Readonly<Record<string, string>> = { 'a3-megagpu-8g': 'H100-MEGA' };

/** SkyPilot's name of the accelerator; null when it has none for it. */
export function skypilotAccelerator(host: PlannedHosts): string | null {
  return skypilotByInstance[host.instance] ?? skypilotNames[host.acceleratorId] ?? null;
}

/** Network cards of an instance type that pods can take (AWS, Elastic Fabric Adapter). */
const efaCards: Readonly<Record<string, number>> = {
  'p4d.24xlarge': 4,
  'p4de.24xlarge': 4,
  'p5.48xlarge': 32,
  'p5e.48xlarge': 32,
  'p5en.48xlarge': 16,
  'p6-b200.48xlarge': 8,
  'p6-b300.48xlarge': 16,
  'trn1.32xlarge': 8,
  'trn1n.32xlarge': 16,
  'trn2.48xlarge': 16,
};

const deviceNames = {
  nvidia: 'nvidia.com/gpu',
  amd: 'amd.com/gpu',
  gaudi: 'habana.ai/gaudi',
  tpu: 'google.com/tpu',
  trainium: 'aws.amazon.com/neuron',
} as const;

/**
 * Limits of a pod, with the network's cards where it works with other hosts; null when no device
 * plugin gives out such chips.
 */
export function podLimits(host: PlannedHosts): Record<string, string> | null {
  const device = deviceNames[host.family as keyof typeof deviceNames];
  if (device === undefined) return null;
  const limits: Record<string, string> = { [device]: String(host.chips) };
  const cards = host.cloud === 'aws' && host.count > 1 ? efaCards[host.instance] : undefined;
  if (cards === undefined) return limits;
  // Libfabric's EFA provider needs huge pages: 5 GiB in pages of 2 MiB, with memory beside them.
  return { ...limits, 'vpc.amazonaws.com/efa': String(cards), 'hugepages-2Mi': '5120Mi' };
}

const tpuSlices: Readonly<Record<string, string>> = {
  'TPU-v4': 'tpu-v4-podslice',
  'TPU-v5e': 'tpu-v5-lite-podslice',
  'TPU-v5p': 'tpu-v5p-slice',
  'TPU-v6e': 'tpu-v6e-slice',
  'TPU-v7': 'tpu7x',
};

/** Labels that a node must have. */
export function nodeSelector(host: PlannedHosts, slice: TpuSlice | null): Record<string, string> {
  if (slice !== null) {
    return {
      'cloud.google.com/gke-tpu-accelerator': tpuSlices[host.acceleratorId] ?? host.acceleratorId,
      'cloud.google.com/gke-tpu-topology': slice.topology,
    };
  }
  return { 'node.kubernetes.io/instance-type': host.instance };
}

/** Chips that are joined by their own network; slices are joined by the data centre's. */
export interface TpuSlice {
  readonly count: number;
  readonly chips: number;
  /** `8x8x16`. */
  readonly topology: string;
}

/** The largest slice of a generation, and the dimensions of its torus. */
const largestSlice: Readonly<Record<string, { chips: number; dimensions: 2 | 3 }>> = {
  'TPU-v4': { chips: 4096, dimensions: 3 },
  'TPU-v5e': { chips: 256, dimensions: 2 },
  'TPU-v5p': { chips: 6144, dimensions: 3 },
  'TPU-v6e': { chips: 256, dimensions: 2 },
  'TPU-v7': { chips: 9216, dimensions: 3 },
};

/** The slices of a job on TPUs: as few as can hold it, all alike; null on other chips. */
export function tpuSlice(host: PlannedHosts): TpuSlice | null {
  const largest = largestSlice[host.acceleratorId];
  if (host.family !== 'tpu' || largest === undefined) return null;
  const chips = host.count * host.chips;
  let count = Math.ceil(chips / largest.chips);
  while (chips % count !== 0 || topologyOf(chips / count, largest.dimensions) === null) {
    count += 1;
    if (count > chips) return null;
  }
  const perSlice = chips / count;
  return { count, chips: perSlice, topology: topologyOf(perSlice, largest.dimensions)! };
}

/** Sides of a torus of so many chips, the nearest to a square or cube; null when there is none. */
function topologyOf(chips: number, dimensions: 2 | 3): string | null {
  const sides: number[] = Array.from({ length: dimensions }, () => 1);
  let rest = chips;
  for (let prime = 2; rest > 1; prime++) {
    if (prime > 13) return null;
    while (rest % prime === 0) {
      const smallest = sides.indexOf(Math.min(...sides));
      sides[smallest] = sides[smallest]! * prime;
      rest /= prime;
    }
  }
  return sides.sort((a, b) => a - b).join('x');
}

/** The name that Google sells a slice by: v4 and v5p count TensorCores, two a chip. */
export function tpuName(host: PlannedHosts, slice: TpuSlice): string {
  const names: Readonly<Record<string, string>> = {
    'TPU-v4': `tpu-v4-${slice.chips * 2}`,
    'TPU-v5e': `tpu-v5litepod-${slice.chips}`,
    'TPU-v5p': `tpu-v5p-${slice.chips * 2}`,
    'TPU-v6e': `tpu-v6e-${slice.chips}`,
    'TPU-v7': `tpu-v7x-${slice.chips * 2}`,
  };
  return names[host.acceleratorId]!;
}
