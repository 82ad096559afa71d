// How large a checkpoint is, how long a save holds the job up, and how often to save.

/** bf16 weights, and fp32 master weights and both moments of Adam: 2 + 4 + 4 + 4. */
const bytesPerParameter = 14;

export interface CheckpointPath {
  /** How fast a chip's share gets out of its memory into the host's: the job waits for it. */
  readonly copyBytesPerSecondPerChip: number;
  /** To agree that all have it, and to take up the next step. */
  readonly barrierSeconds: number;
  /** How fast a host writes to storage, beside the job. */
  readonly storeBytesPerSecondPerHost: number;
}

/**
 * An asynchronous save, as Megatron Core's, torchtitan's and Orbax's are. A host link carries
 * 25 GB/s and more; a tenth of that is what is left with many small tensors. A host's share of
 * a parallel file system: Llama 3's gave 2 TB/s to 2,048 hosts (arXiv 2407.21783, 3.3.1).
 */
export const asynchronousSave: CheckpointPath = {
  copyBytesPerSecondPerChip: 2.5e9,
  barrierSeconds: 2,
  storeBytesPerSecondPerHost: 1e9,
};

export interface CheckpointCost {
  readonly bytes: number;
  /** The job stands still for so long. */
  readonly holdSeconds: number;
  /** Until all of it is on storage; a save cannot begin before the last one is done. */
  readonly writeSeconds: number;
}

/** What a checkpoint of so many parameters costs a job of so many chips and hosts. */
export function checkpointCost(
  parameters: number,
  chips: number,
  hosts: number,
  path: CheckpointPath = asynchronousSave,
): CheckpointCost {
  const bytes = parameters * bytesPerParameter;
  return {
    bytes,
    holdSeconds: path.barrierSeconds + bytes / chips / path.copyBytesPerSecondPerChip,
    writeSeconds: bytes / hosts / path.storeBytesPerSecondPerHost,
  };
}

/** Young's interval (1974): sqrt(2 x hold x MTBF). */
export function youngSeconds(holdSeconds: number, mtbfSeconds: number): number {
  return Math.sqrt(2 * holdSeconds * mtbfSeconds);
}

/**
 * Daly's interval (2006), which holds up where saves are not short beside the time between
 * failures; at most that time itself.
 */
export function dalySeconds(holdSeconds: number, mtbfSeconds: number): number {
  if (holdSeconds >= 2 * mtbfSeconds) return mtbfSeconds;
  const ratio = holdSeconds / (2 * mtbfSeconds);
  const young = youngSeconds(holdSeconds, mtbfSeconds);
  return young * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - holdSeconds;
}
