// Loaded into the gateway before it starts, when what it does inside is to be measured: answers
// each message of the benchmark with the bytes allocated so far on the main thread's heap and the
// longest that its event loop stood still since the last one.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

export interface Probed {
  readonly allocatedBytes: number;
  readonly longestStallMs: number;
}

const resolutionMs = 1;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

process.on('message', () => {
  const { total_allocated_bytes: allocatedBytes } = getHeapStatistics() as unknown as {
    total_allocated_bytes: number;
  };
  const probed: Probed = { allocatedBytes, longestStallMs: delay.max / 1e6 - resolutionMs };
  delay.reset();
  process.send!(probed);
});
// The channel does not keep the gateway alive.
process.channel?.unref();
