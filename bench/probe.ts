// Loaded into the gateway before it starts, when what it does inside is to be measured: answers
// each message of the benchmark with the bytes allocated so far on the main thread's heap.

import { getHeapStatistics } from 'node:v8';

export interface Probed {
  readonly allocatedBytes: number;
}

process.on('message', () => {
  const { total_allocated_bytes: allocatedBytes } = getHeapStatistics() as unknown as {
    total_allocated_bytes: number;
  };
  const probed: Probed = { allocatedBytes };
  process.send!(probed);
});
// The channel does not keep the gateway alive.
process.channel?.unref();
